// People who came without a booking: who waits, how long, and seating them.
import { useState } from 'preact/hooks';
import { uuid } from './api.js';
import { _, ngettext } from './i18n.js';
import { canDo, freeUntil, working } from './layout.js';
import * as store from './store.js';
import { hm } from './time.js';
import { close, Dialog, Field, Icon, NotSent } from './ui.jsx';
import { ServiceOptions } from './times.jsx';

const LONG = 20; // minutes after which waiting is shown in red

export function Queue() {
  const waiting = store.queue.value;
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
      {waiting.length ? (
        <ul class="waiting" tabIndex={0} aria-label={_('Waiting customers')}>
          {waiting.map(walkin => (
            <Waiting key={walkin.id} walkin={walkin} />
          ))}
        </ul>
      ) : (
        <div class="empty">
          <Icon name="walk" />
          <p>{_('Nobody is waiting.')}</p>
        </div>
      )}
    </aside>
  );
}

function Waiting({ walkin }) {
  const minutes = Math.max(0, Math.floor((store.tick.value + store.skew.value - walkin.at) / 60_000));
  const name = walkin.name || _('Walk-in');
  const service = store.services.value.get(walkin.service)?.name ?? _('Not said yet');
  return (
    <li>
      <div class="row">
        <b class="grow">{name}</b>
        <span class={minutes > LONG ? 'wait long' : 'wait'}>{ngettext('%(num)s min', '%(num)s min', minutes)}</span>
      </div>
      <p class="muted">
        {service}
        <NotSent item={walkin} />
      </p>
      {!walkin.unborn && <QueueButtons id={walkin.id} name={name} />}
    </li>
  );
}

function QueueButtons({ id, name }) {
  const seat = () => {
    store.dialog.value = { kind: 'seat', id };
  };
  const left = () => store.act('walkin.left', { id }, { say: _('%(name)s left', { name }) });
  return (
    <div class="row">
      <button type="button" class="btn grow" onClick={seat}>
        <Icon name="chevrons-right" />
        {_('Seat now')}
        <span class="vh"> {name}</span>
      </button>
      <button type="button" class="btn ghost" onClick={left}>
        {_('Left')}
        <span class="vh"> {name}</span>
      </button>
    </div>
  );
}

export function AddWalkin() {
  const [missing, setMissing] = useState(false);
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
      { id: uuid(), name, phone: typed.phone.trim(), service: typed.service || null },
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
