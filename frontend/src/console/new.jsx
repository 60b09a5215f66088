// A new booking by phone or at the desk.
import { useEffect, useRef, useState } from 'preact/hooks';
import { call, uuid } from './api.js';
import { _, ngettext } from './i18n.js';
import { blank, What, wishOf } from './items.jsx';
import { minutesOf } from './reduce.js';
import * as store from './store.js';
import { Times, useFreeTimes } from './times.jsx';
import { hm } from './time.js';
import { Told } from './told.jsx';
import { close, Dialog, Field, Icon } from './ui.jsx';

const digits = text => text.replace(/\D/g, '');

/** Problems in the order of the form, so that the first one gets the focus. */
function check({ name, phone, items, start, reason }, free) {
  const errors = {};
  if (digits(phone).length < 6 || digits(phone).length > 15) errors.phone = _('Enter a phone number');
  if (!name.trim()) errors.name = _('Enter a name');
  if (items.some(item => !item.service)) errors.service = _('Choose a service');
  if (start === null || (!free && !store.mayOverride())) errors.start = _('Choose a time');
  else if (!free && !reason.trim()) errors.reason = _('Write down the reason.');
  return errors;
}

/** `person` and `start` come from the spot that was clicked, `again` from a booking the server would not take. */
export function NewBooking({ person = null, start = null, again }) {
  const form = useRef();
  const today = store.now.value.day;
  const [draft, setDraft] = useState(() => ({
    phone: again?.customer.phone ?? '',
    name: again?.customer.name ?? '',
    known: null, // the customer chosen from the list
    items: [{ ...blank(person), service: again?.service ?? '', options: again?.options ?? [] }],
    day: again?.day ?? (store.day.value < today ? today : store.day.value),
    start,
    note: again?.note ?? '',
    weeks: 0,
    visits: 4,
    reason: '',
  }));
  const [errors, setErrors] = useState({});
  const set = changes => setDraft(now => ({ ...now, ...changes }));
  const { items, day } = draft,
    wish = wishOf(items);
  const minutes = items.reduce((sum, item) => sum + minutesOf(store.services.value.get(item.service), item.options), 0);
  const ready = items.every(item => item.service);
  const known = useFreeTimes({
    service: ready && items[0].service,
    person: items[0].person,
    ...wish,
    day,
    busy: [[0, minutes]],
  });
  const free = Boolean(known.list?.some(time => time.start === draft.start));
  const against = ready && draft.start !== null && known.list && !free && store.mayOverride();

  const save = event => {
    event.preventDefault();
    const found = check(draft, free);
    setErrors(found);
    const first = Object.keys(found)[0];
    if (first) form.current.querySelector(first === 'start' ? '#times' : `[name=${first}]`).focus();
    else book(draft, wish, against && draft.reason.trim());
  };
  const label = against ? _('Book anyway') : free ? _('Book %(time)s', { time: hm(draft.start) }) : _('Book');
  return (
    <Dialog title={_('New booking')} icon="calendar-plus" drawer>
      <form class="stack" ref={form} onSubmit={save} noValidate>
        <Who draft={draft} set={set} errors={errors} />
        <What draft={draft} set={set} errors={errors} />
        {ready && (
          <Times
            known={known}
            value={draft.start}
            onPick={time => set({ start: time })}
            error={errors.start}
            any={store.mayOverride()}
          />
        )}
        {against && (
          <Field
            id="new-reason"
            label={_('Reason')}
            hint={_('This time is not free. The reason is kept with your name.')}
            error={errors.reason}
          >
            {tie => (
              <input
                {...tie}
                name="reason"
                autoComplete="off"
                maxLength={200}
                value={draft.reason}
                onInput={e => set({ reason: e.currentTarget.value })}
              />
            )}
          </Field>
        )}
        {known.quote && <Quote quote={known.quote} />}
        <Repeat draft={draft} set={set} />
        <Field id="new-note" label={_('Note')} optional>
          {tie => <textarea {...tie} value={draft.note} onInput={e => set({ note: e.currentTarget.value })} />}
        </Field>
        <Told tell={told => set({ told })} />
        <div class="dialog-foot">
          <button class="btn primary big" disabled={ready && known.list === undefined}>
            {label}
          </button>
        </div>
      </form>
      {wish.service && store.may('waitlist.write') && <Wait draft={draft} wish={wish} missing={setErrors} />}
      {again || <BlockInstead person={items[0].person} start={start} />}
    </Dialog>
  );
}

/** No time suits: whoever waits is offered what becomes free on this day. Only with a connection. */
function Wait({ draft, wish, missing }) {
  const { name, phone, day, note, told } = draft;
  const join = async () => {
    const found = check({ ...draft, start: 0 }, true);
    missing(found);
    if (Object.keys(found).length) return;
    const { service, options, person: staff } = wish;
    const branches = [store.config.value.branch.id];
    const customer = { name: name.trim(), phone: phone.trim() };
    const body = { service, options, staff, branches, first_day: day, last_day: day, customer, note: note.trim(), told };
    try {
      await call(store.config.value.endpoints.waitlist, body);
      store.toast.value = { text: _('%(name)s is on the waiting list', { name: customer.name }) };
      close();
    } catch {
      store.toast.value = { text: _('The waiting list could not be reached. Nothing was sent.') };
    }
  };
  return (
    <button type="button" class="btn ghost" onClick={join}>
      <Icon name="hourglass" />
      {_('Waiting list for this day')}
    </button>
  );
}

const BlockInstead = ({ person, start }) => (
  <button
    type="button"
    class="btn ghost"
    onClick={() => {
      store.dialog.value = { kind: 'block', person, start };
    }}
  >
    <Icon name="lock" />
    {_('Block this time instead')}
  </button>
);

const Quote = ({ quote }) => (
  <p class="muted">
    {[
      _('%(minutes)s min', { minutes: quote.minutes }),
      quote.price,
      quote.deposit && _('Deposit %(amount)s', { amount: quote.deposit }),
    ]
      .filter(Boolean)
      .join(' · ')}
  </p>
);

function book({ phone, name, known, day, start, note, weeks, visits, told }, wish, override) {
  const customer = { name: name.trim(), phone: phone.trim() };
  if (known?.email) customer.email = known.email;
  const p = { id: uuid(), ...wish, day, start, customer, note: note.trim(), told };
  if (weeks) p.repeat = { weeks, visits };
  if (override) p.override = override;
  store.act('booking.create', p, {
    say: _('%(name)s is booked at %(time)s', { name: customer.name, time: hm(start) }),
  });
  close();
}

function Repeat({ draft, set }) {
  const number = (id, key, label, from, to) => (
    <Field id={id} label={label}>
      {tie => (
        <input
          {...tie}
          type="number"
          inputMode="numeric"
          min={from}
          max={to}
          value={draft[key]}
          onInput={e => set({ [key]: Math.max(from, Math.min(to, Math.trunc(e.currentTarget.valueAsNumber) || from)) })}
        />
      )}
    </Field>
  );
  return (
    <>
      <label class="check">
        <input
          type="checkbox"
          checked={draft.weeks > 0}
          onChange={e => set({ weeks: e.currentTarget.checked ? 4 : 0 })}
        />
        <span>{_('Repeat')}</span>
      </label>
      {draft.weeks > 0 && (
        <div class="two">
          {number('new-weeks', 'weeks', _('Every … weeks'), 1, 52)}
          {number('new-visits', 'visits', _('Visits in all'), 2, 52)}
        </div>
      )}
    </>
  );
}

/** The phone number comes first: it is what a caller gives, and it finds a known customer. */
function Who({ draft, set, errors }) {
  const { phone, name, known } = draft;
  const typed = key => event => set({ [key]: event.currentTarget.value, known: null });
  return (
    <>
      <Field id="new-phone" label={_('Phone')} error={errors.phone}>
        {tie => (
          <input
            {...tie}
            name="phone"
            type="tel"
            inputMode="tel"
            autoComplete="off"
            autoFocus
            value={phone}
            onInput={typed('phone')}
          />
        )}
      </Field>
      <Field id="new-name" label={_('Customer’s name')} error={errors.name}>
        {tie => <input {...tie} name="name" autoComplete="off" value={name} onInput={typed('name')} />}
      </Field>
      {!known && (
        <Known
          text={digits(phone).length >= 4 ? phone : name}
          onChoose={customer => set({ known: customer, name: customer.name, phone: customer.phone_text })}
        />
      )}
    </>
  );
}

/** Customers whose name or phone matches what is being typed; silent without a connection. */
function Known({ text, onChoose }) {
  const [found, setFound] = useState([]);
  useEffect(() => {
    const wanted = text.trim();
    if (wanted.length < 2) return setFound([]);
    const wait = setTimeout(() => {
      call(`${store.config.value.endpoints.customers}?${new URLSearchParams({ q: wanted })}`).then(
        answer => setFound(answer.items.slice(0, 5)),
        () => setFound([]),
      );
    }, 250);
    return () => clearTimeout(wait);
  }, [text]);
  if (!found.length) return null;
  return (
    <div class="known" role="group" aria-label={_('Known customers')}>
      <p class="muted small" role="status">
        {ngettext('%(num)s known customer', '%(num)s known customers', found.length)}
      </p>
      {found.map(customer => (
        <button type="button" class="btn" key={customer.id} onClick={() => onChoose(customer)}>
          <Icon name="user" />
          <span class="grow">{customer.name}</span>
          <span class="muted">{customer.phone_text}</span>
          <span class="muted small">{ngettext('%(num)s visit', '%(num)s visits', customer.visits ?? 0)}</span>
        </button>
      ))}
    </div>
  );
}
