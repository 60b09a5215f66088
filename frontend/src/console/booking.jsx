// The booking drawer: who, when, what happened so far, and everything that can be done about it.
import { useEffect, useState } from 'preact/hooks';
import { uuid } from './api.js';
import { Cancel, Length, Move } from './change.jsx';
import { Clash } from './clash.jsx';
import { CustomerCard } from './customer.jsx';
import { _ } from './i18n.js';
import { helpsOf, lateBy } from './layout.js';
import { canStretch, isAhead, isLive } from './reduce.js';
import { Answer } from './requests.jsx';
import * as store from './store.js';
import { hm } from './time.js';
import { Badge, close, customerName, Dialog, Field, Icon, Members, NotSent, Phone, statusIcon, statusName } from './ui.jsx';

const STEPS = ['arrived', 'in_service', 'done', 'no_show'];
const SOURCES = {
  web: () => _('Booked online'),
  widget: () => _('Booked online'),
  desk: () => _('Booked at the desk'),
  api: () => _('Booked by a partner'),
  walk_in: () => _('Walk-in'),
  waitlist: () => _('From the waiting list'),
  series: () => _('From a series'),
};

export function BookingDrawer({ id }) {
  const booking = store.view.value.booking[id];
  if (!booking)
    return (
      store.frame.value && (
        <Dialog title={_('Booking')} icon="calendar" drawer>
          <p>{_('This booking is gone.')}</p>
        </Dialog>
      )
    );
  if (booking.status === 'blocked') return <Blocked booking={booking} />;
  const ahead = isAhead(booking),
    all = store.members(booking);
  return (
    <Dialog title={booking.ref ? _('Booking %(ref)s', { ref: booking.ref }) : _('Booking')} icon="calendar" drawer>
      <About booking={booking} />
      {booking.clash && <Clash booking={booking} />}
      {booking.status === 'requested' && <Approve booking={booking} />}
      {!['held', 'requested', 'cancelled'].includes(booking.status) && !booking.unborn && <Status booking={booking} />}
      <Phone of={booking} />
      {all.length > 1 && (
        <section class="stack">
          <h3>{_('The whole visit')}</h3>
          <Members all={all} current={id} />
        </section>
      )}
      {canStretch(booking) && <Length booking={booking} />}
      {ahead && <Move booking={booking} />}
      {booking.status !== 'held' && !booking.unborn && <Note booking={booking} />}
      {booking.customer?.id && <CustomerCard id={booking.customer.id} booking={booking} />}
      {ahead && isLive(booking) && <Cancel booking={booking} />}
    </Dialog>
  );
}

function About({ booking }) {
  const late = lateBy(booking, store.now.value);
  const helpers = helpsOf(booking).map(({ person, start, minutes }) => [
    'users',
    _('%(name)s helps %(from)s–%(to)s', { name: store.personName(person), from: hm(start), to: hm(start + minutes) }),
  ]);
  const booked = booking.guest && booking.customer?.name;
  const facts = [
    booking.chosen?.length > 0 && ['list-details', booking.chosen.join(', ')],
    booking.person && ['user', [store.personName(booking.person), booking.why].filter(Boolean).join(' · ')],
    ...helpers,
    booking.places?.length > 0 && ['map-pin', booking.places.join(', ')],
    booked && ['calendar', _('Booked by %(name)s', { name: booked })],
    booking.series && ['repeat', _('Part of a series')],
  ];
  return (
    <div class="about">
      <h3>{customerName(booking)}</h3>
      <p class="muted">
        {booking.service_name} ·{' '}
        <time>
          {hm(booking.start)}–{hm(booking.start + booking.minutes)}
        </time>
        {booking.price && ` · ${booking.price}`}
      </p>
      <p class="row wrap">
        <Badge status={booking.status} />
        {late > 0 && (
          <span class="badge bad">
            <Icon name="clock-exclamation" />
            {_('%(minutes)s min late', { minutes: late })}
          </span>
        )}
        <span class="muted small">
          {SOURCES[booking.source]?.()}
          <NotSent item={booking} />
        </span>
      </p>
      <ul class="about-more">
        {facts.filter(Boolean).map(([icon, text]) => (
          <li key={text}>
            <Icon name={icon} />
            {text}
          </li>
        ))}
      </ul>
    </div>
  );
}

const Approve = ({ booking }) => (
  <section class="approve">
    <p>{_('This time is kept until somebody decides. The customer is told.')}</p>
    <Answer id={booking.id} name={customerName(booking)} />
  </section>
);

function Blocked({ booking }) {
  const { id, person, day, start, minutes, note } = booking;
  const remove = () => {
    const undo = () => store.act('booking.block', { id: uuid(), person, day, start, minutes, note });
    store.act('booking.unblock', { id }, { say: _('This time can be booked again'), undo });
    close();
  };
  return (
    <Dialog title={_('Blocked time')} icon="lock" drawer>
      <div class="about">
        <h3>{customerName(booking)}</h3>
        <p class="muted">
          <time>
            {hm(start)}–{hm(start + minutes)}
          </time>{' '}
          · {store.personName(person)}
          <NotSent item={booking} />
        </p>
      </div>
      <button type="button" class="btn danger" onClick={remove}>
        <Icon name="trash" />
        {_('Make this time bookable again')}
      </button>
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
