// The booking drawer: who, when, what happened so far, and everything that can be done about it.
import { useEffect, useState } from 'preact/hooks';
import { call } from './api.js';
import { Clash } from './clash.jsx';
import { _ } from './i18n.js';
import { isAhead } from './reduce.js';
import * as store from './store.js';
import { DayOptions, PersonOptions, Times, useFreeTimes } from './times.jsx';
import { dayName, hm } from './time.js';
import { Badge, close, customerName, Dialog, Field, Icon, NotSent, statusIcon, statusName } from './ui.jsx';

const STEPS = ['arrived', 'in_service', 'done', 'no_show'];
const SOURCES = {
  web: () => _('Booked online'),
  desk: () => _('Booked at the desk'),
  api: () => _('Booked by a partner'),
  walk_in: () => _('Walk-in'),
};

export function BookingDrawer({ id }) {
  const booking = store.view.value.booking[id];
  if (!booking)
    return (
      <Dialog title={_('Booking')} icon="calendar" drawer>
        <p>{_('This booking is gone.')}</p>
      </Dialog>
    );
  const ahead = isAhead(booking);
  return (
    <Dialog title={booking.ref ? _('Booking %(ref)s', { ref: booking.ref }) : _('Booking')} icon="calendar" drawer>
      <div class="about">
        <h3>{customerName(booking)}</h3>
        <p class="muted">
          {booking.service_name} ·{' '}
          <time>
            {hm(booking.start)}–{hm(booking.start + booking.minutes)}
          </time>
          {booking.person && ` · ${store.personName(booking.person)}`}
        </p>
        <p class="row wrap">
          <Badge status={booking.status} />
          <span class="muted small">
            {SOURCES[booking.source]?.()}
            <NotSent item={booking} />
          </span>
        </p>
      </div>
      {booking.clash && <Clash booking={booking} />}
      {booking.status !== 'held' && booking.status !== 'cancelled' && <Status booking={booking} />}
      {booking.customer?.phone && (
        <a class="btn" href={`tel:${booking.customer.phone}`}>
          <Icon name="phone" />
          {_('Call %(phone)s', { phone: booking.customer.phone })}
        </a>
      )}
      {ahead && <Move booking={booking} />}
      {booking.status !== 'held' && <Note booking={booking} />}
      {booking.customer?.id && <Visits id={booking.customer.id} except={id} until={booking.day} />}
      {ahead && <Cancel booking={booking} />}
    </Dialog>
  );
}

function Status({ booking }) {
  const begun = ['in_service', 'done'].includes(booking.status);
  const set = status => store.setStatus(booking, status, `${customerName(booking)}: ${statusName(status)}`);
  return (
    <div class="statuses" role="group" aria-label={_('Status')}>
      {STEPS.map(status => (
        <button
          type="button"
          class="btn"
          key={status}
          aria-pressed={booking.status === status}
          disabled={begun && status === 'no_show'}
          onClick={() => booking.status !== status && set(status)}
        >
          <Icon name={statusIcon(status)} />
          {statusName(status)}
        </button>
      ))}
      {STEPS.includes(booking.status) && (
        <button type="button" class="btn ghost undo" onClick={() => store.undoStatus(booking)}>
          <Icon name="history" />
          {_('Undo: not %(status)s', { status: statusName(booking.status) })}
        </button>
      )}
    </div>
  );
}

function Move({ booking }) {
  const [person, setPerson] = useState(booking.person),
    [day, setDay] = useState(booking.day),
    [start, setStart] = useState(booking.start);
  const known = useFreeTimes(booking.service, person, day, { busy: booking.busy, except: booking.id });
  const same = person === booking.person && day === booking.day && start === booking.start;
  const valid = !same && known.list?.some(time => time.start === start);
  const save = event => {
    event.preventDefault();
    const name = customerName(booking);
    store.move(
      booking,
      { person, day, start },
      _('%(name)s moved to %(time)s', { name, time: hm(start) }),
      _('%(name)s is back where it was', { name }),
    );
    if (day !== store.day.value) close();
  };
  return (
    <details class="more">
      <summary>{_('Move without dragging')}</summary>
      <form class="stack" onSubmit={save}>
        <div class="two">
          <Field id="move-person" label={_('With')}>
            {tie => (
              <select {...tie} value={person} onChange={e => setPerson(e.currentTarget.value)}>
                <PersonOptions />
              </select>
            )}
          </Field>
          <Field id="move-day" label={_('Day')}>
            {tie => (
              <select {...tie} value={day} onChange={e => setDay(e.currentTarget.value)}>
                <DayOptions chosen={day} />
              </select>
            )}
          </Field>
        </div>
        <Times known={known} value={start} onPick={setStart} />
        <button class="btn" disabled={!valid}>
          <Icon name="arrows-move" />
          {_('Move')}
        </button>
      </form>
    </details>
  );
}

function Note({ booking }) {
  const [text, setText] = useState(booking.note ?? '');
  useEffect(() => setText(booking.note ?? ''), [booking.note]);
  const save = event => {
    event.preventDefault();
    store.act('booking.note', { id: booking.id, note: text.trim() }, { say: _('Note kept') });
  };
  return (
    <form class="stack" onSubmit={save}>
      <Field id="booking-note" label={_('Note')}>
        {tie => <textarea {...tie} value={text} onInput={event => setText(event.currentTarget.value)} />}
      </Field>
      {text.trim() !== (booking.note ?? '') && <button class="btn">{_('Keep note')}</button>}
    </form>
  );
}

/** Earlier visits are not kept on the device, so they show only with a connection. */
function Visits({ id, except, until }) {
  const [customer, setCustomer] = useState(undefined);
  useEffect(() => {
    call(`${store.config.value.endpoints.customers}/${id}`).then(setCustomer, () => setCustomer(null));
  }, [id]);
  if (customer === undefined) return <div class="skeleton" aria-hidden="true" />;
  if (customer === null) return <p class="muted small">{_('Earlier visits show when there is a connection.')}</p>;
  const visits = customer.visits.filter(visit => visit.booking !== except && visit.day <= until);
  return (
    <section class="stack">
      <h3>{_('Earlier visits')}</h3>
      {customer.notes && <p class="alert info">{customer.notes}</p>}
      {visits.length === 0 && <p class="muted">{_('This is the first visit.')}</p>}
      <ul class="visits">
        {visits.slice(0, 5).map(visit => (
          <li key={visit.booking}>
            <time dateTime={visit.day}>
              {dayName(visit.day, store.config.value.locale, { day: 'numeric', month: 'short', year: 'numeric' })}
            </time>
            <span class="grow">
              {visit.service}
              <span class="muted"> · {visit.person}</span>
            </span>
            <Badge status={visit.status} />
          </li>
        ))}
      </ul>
    </section>
  );
}

const REASONS = {
  customer: () => _('The customer asked'),
  branch: () => _('We cannot do it'),
  mistake: () => _('Booked by mistake'),
};

function Cancel({ booking }) {
  const cancel = event => {
    event.preventDefault();
    const reason = new FormData(event.currentTarget).get('reason');
    store.act(
      'booking.cancel',
      { id: booking.id, reason },
      { say: _('%(name)s: booking cancelled', { name: customerName(booking) }) },
    );
    close();
  };
  return (
    <details class="more">
      <summary class="danger">{_('Cancel this booking')}</summary>
      <form class="stack" onSubmit={cancel}>
        <Field id="cancel-reason" label={_('Why')}>
          {tie => (
            <select {...tie} name="reason">
              {Object.entries(REASONS).map(([key, name]) => (
                <option key={key} value={key}>
                  {name()}
                </option>
              ))}
            </select>
          )}
        </Field>
        <button class="btn danger">{_('Cancel booking and free the time')}</button>
      </form>
    </details>
  );
}
