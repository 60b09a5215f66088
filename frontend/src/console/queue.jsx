// Who is here and waits, with and without a booking, in the order of the server's plan; calling and seating them.
import { useState } from 'preact/hooks';
import { uuid } from './api.js';
import { _, ngettext } from './i18n.js';
import { canDo, freeUntil, working } from './layout.js';
import * as store from './store.js';
import { hm } from './time.js';
import { Told } from './told.jsx';
import { close, Dialog, Field, Icon, NotSent } from './ui.jsx';
import { ServiceOptions } from './times.jsx';

const LONG = 20; // minutes after which waiting is shown in red, when nothing was promised

const nameOf = entry => entry.name || _('Walk-in');
const ago = instant => Math.max(0, Math.floor((store.tick.value + store.skew.value - instant) / 60_000));
const range = ([low, high]) => (low === high ? `${high}` : `${low}–${high}`);
const minutesText = span => _('%(minutes)s min', { minutes: range(span) });

export function Queue() {
  const waiting = store.queue.value,
    expected = store.plan.value?.expected?.filter(late => isExpected(late.id)) ?? [],
    newcomer = store.plan.value?.newcomer;
  return (
    <aside class="queue" aria-label={_('Walk-in queue')}>
      <div class="queue-head">
        <Icon name="walk" />
        <h2>
          {_('Waiting')} · {waiting.length}
        </h2>
        <button
          type="button"
          class="btn"
          onClick={() => {
            store.dialog.value = { kind: 'walkin' };
          }}
        >
          <Icon name="plus" />
          {_('Walk-in')}
        </button>
      </div>
      <div class="waiting" tabIndex={0} role="region" aria-label={_('Waiting customers')}>
        <CallNext waiting={waiting} />
        {waiting.length > 0 && (
          <ul>
            {waiting.map(entry => (
              <Waiting key={entry.id} entry={entry} />
            ))}
          </ul>
        )}
        {waiting.length === 0 && (
          <div class="empty">
            <Icon name="walk" />
            <p>{_('Nobody is waiting.')}</p>
          </div>
        )}
        {newcomer?.high > 0 && (
          <p class="muted small">
            {_('Whoever comes now waits %(wait)s.', { wait: minutesText([newcomer.low, newcomer.high]) })}
          </p>
        )}
        {expected.length > 0 && <h3>{_('Not here yet')}</h3>}
        {expected.length > 0 && (
          <ul>
            {expected.map(late => (
              <Expected key={late.id} late={late} />
            ))}
          </ul>
        )}
      </div>
    </aside>
  );
}

const isExpected = id => ['booked', 'confirmed'].includes(store.view.value.booking[id]?.status);

/** Whoever is next by the plan; the server decides again, because another desk may have called them. */
function CallNext({ waiting }) {
  const able = waiting.filter(entry => entry.walkin && entry.status === 'waiting');
  const next = able.find(entry => entry.plan?.low === 0) ?? able[0];
  if (!next) return null;
  const name = [next.number, nameOf(next)].filter(Boolean).join(' ');
  const alone = store.net.value.reached === false;
  const call = () => store.act('queue.next', { id: next.id }, { say: alone && _('Please call %(name)s', { name }) });
  return (
    <button type="button" class="btn next" onClick={call}>
      <Icon name="bell" />
      {_('Call next: %(name)s', { name })}
    </button>
  );
}

function Waiting({ entry }) {
  const { walkin, plan, status } = entry,
    name = nameOf(entry);
  const promised = plan?.promised ?? walkin?.promised;
  const since = plan?.since ?? walkin?.at;
  const minutes = since ? ago(since) : 0;
  const long = plan ? plan.late : minutes > (promised?.[1] ?? LONG);
  const service = store.services.value.get(entry.service)?.name ?? _('Not said yet');
  const now =
    plan &&
    (plan.high === null ? _('nobody free today') : _('in %(wait)s', { wait: minutesText([plan.low, plan.high]) }));
  return (
    <li>
      <div class="row">
        {entry.number ? <span class="number">{entry.number}</span> : null}
        <b class="grow">{name}</b>
        <span class={long ? 'wait long' : 'wait'}>
          {long && <Icon name="clock-exclamation" />}
          {ngettext('%(num)s min', '%(num)s min', minutes)}
        </span>
      </div>
      <p class="muted">
        {[
          service,
          walkin ? plan?.with && store.personName(plan.with) : _('booked for %(time)s', { time: hm(entry.start) }),
        ]
          .filter(Boolean)
          .join(' · ')}
        <NotSent item={entry} />
      </p>
      {(now || promised) && (
        <p class="small">
          {[now, promised && _('promised %(wait)s', { wait: minutesText(promised) })].filter(Boolean).join(' · ')}
        </p>
      )}
      {status === 'called' && (
        <p>
          <span class="badge info">
            <Icon name="bell" />
            {ngettext('Called %(num)s min ago', 'Called %(num)s min ago', entry.called_at ? ago(entry.called_at) : 0)}
          </span>
        </p>
      )}
      {!entry.unborn && <QueueButtons entry={entry} name={name} />}
    </li>
  );
}

function QueueButtons({ entry, name }) {
  const { id, booking, status } = entry;
  const button = (icon, text, onClick, kind = '') => (
    <button type="button" class={`btn ${kind}`} onClick={onClick}>
      {icon && <Icon name={icon} />}
      {text}
      <span class="vh"> {name}</span>
    </button>
  );
  const act = (type, say) => () => store.act(type, { id }, { say });
  const seat = () => {
    if (booking) store.setStatus(booking, 'in_service', _('%(name)s is in service', { name }));
    else store.dialog.value = { kind: 'seat', id };
  };
  return (
    <div class="row wrap">
      {button('chevrons-right', _('Seat now'), seat, 'grow')}
      {status === 'waiting' &&
        button('bell', _('Call'), act('walkin.call', _('Please call %(name)s', { name })), 'ghost')}
      {status === 'called' &&
        button('', _('Not here'), act('walkin.back', _('%(name)s waits again', { name })), 'ghost')}
      {!booking && button('', _('Left'), act('walkin.left', _('%(name)s left', { name })), 'ghost')}
    </div>
  );
}

/** An appointment whose time has come and whose customer has not. */
function Expected({ late: { id, name, minutes, gave_up: over } }) {
  const booking = store.view.value.booking[id];
  const set = (status, text) => (
    <button type="button" class="btn" onClick={() => store.setStatus(booking, status, `${name}: ${text}`)}>
      {text}
      <span class="vh"> {name}</span>
    </button>
  );
  return (
    <li>
      <div class="row">
        <b class="grow">{name}</b>
        <span class={over ? 'wait long' : 'wait'}>{_('%(minutes)s min late', { minutes })}</span>
      </div>
      <p class="muted">{[hm(booking.start), booking.service_name, store.personName(booking.person)].join(' · ')}</p>
      <div class="row">
        {set('arrived', _('Arrived'))}
        {over && set('no_show', _('No-show'))}
      </div>
    </li>
  );
}

export function AddWalkin() {
  const [missing, setMissing] = useState(false),
    [told, setTold] = useState();
  const save = event => {
    event.preventDefault();
    const form = event.currentTarget;
    const typed = Object.fromEntries(new FormData(form));
    const name = typed.name.trim();
    setMissing(!name);
    if (!name) {
      form.elements.name.focus();
      return;
    }
    store.act(
      'walkin.add',
      { id: uuid(), name, phone: typed.phone.trim(), service: typed.service || null, told },
      { say: _('%(name)s is waiting', { name }) },
    );
    close();
  };
  const hint = missing && _('Enter a name or what the customer looks like');
  return (
    <Dialog title={_('Walk-in')} icon="walk">
      <form class="stack" onSubmit={save} noValidate>
        <Field id="walkin-name" label={_('Name or description')} error={hint}>
          {tie => <input {...tie} name="name" autoFocus autoComplete="off" />}
        </Field>
        <Field id="walkin-phone" label={_('Phone')} optional>
          {tie => <input {...tie} name="phone" type="tel" inputMode="tel" autoComplete="off" />}
        </Field>
        <Field id="walkin-service" label={_('Wants')}>
          {tie => (
            <select {...tie} name="service">
              <option value="">{_('Not said yet')}</option>
              <ServiceOptions />
            </select>
          )}
        </Field>
        <Told tell={setTold} />
        <button class="btn primary">{_('Add to queue')}</button>
      </form>
    </Dialog>
  );
}

/** Who takes them? Free people first, with how long they stay free. */
export function Seat({ id }) {
  const walkin = store.view.value.walkin[id];
  const [service, setService] = useState(walkin?.service ?? '');
  if (!walkin) return null;
  const minute = store.now.value.minute,
    today = store.base.value.days[store.now.value.day];
  const bookings = store.bookingsOn(store.now.value.day);
  const people = (today?.people ?? [])
    .filter(person => !service || canDo(person, service))
    .map(person => ({
      person,
      until: freeUntil(today, bookings, person, minute),
      works: working(today, person).some(([s, e]) => s <= minute && minute < e),
    }))
    .sort((a, b) => (b.until ?? 0) - (a.until ?? 0));
  const seat = person => {
    store.act(
      'walkin.seat',
      { id, booking_id: uuid(), person: person.id, service },
      { say: _('%(name)s is with %(person)s', { name: walkin.name || _('Walk-in'), person: person.name }) },
    );
    close();
  };
  return (
    <Dialog title={_('Seat %(name)s', { name: walkin.name || _('Walk-in') })} icon="walk">
      <Field id="seat-service" label={_('Service')}>
        {tie => (
          <select {...tie} value={service} onChange={event => setService(event.currentTarget.value)}>
            {!walkin.service && <option value="">{_('Choose a service')}</option>}
            <ServiceOptions />
          </select>
        )}
      </Field>
      <div class="choice" role="group" aria-label={_('With')}>
        {people.map(({ person, until, works }) => (
          <button type="button" class="btn" key={person.id} disabled={!service} onClick={() => seat(person)}>
            <span class="ava" aria-hidden="true">
              {person.initials}
            </span>
            <span class="grow">{person.name}</span>
            <span class={until ? 'badge ok' : 'badge'}>
              {until ? _('free until %(time)s', { time: hm(until) }) : works ? _('busy now') : _('not working now')}
            </span>
          </button>
        ))}
      </div>
    </Dialog>
  );
}
