// A new booking by phone or at the desk.
import { useEffect, useRef, useState } from 'preact/hooks';
import { call, uuid } from './api.js';
import { _, ngettext } from './i18n.js';
import * as store from './store.js';
import { DayOptions, PersonOptions, ServiceOptions, Times, useFreeTimes } from './times.jsx';
import { hm } from './time.js';
import { close, Dialog, Field, Icon } from './ui.jsx';

const digits = text => text.replace(/\D/g, '');

/** Problems in the order of the form, so that the first one gets the focus. */
function check({ name, phone, service }, timeIsFree) {
  const errors = {};
  if (digits(phone).length < 6 || digits(phone).length > 15) errors.phone = _('Enter a phone number');
  if (!name.trim()) errors.name = _('Enter a name');
  if (!service) errors.service = _('Choose a service');
  if (!timeIsFree) errors.start = _('Choose a time');
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
    service: again?.service ?? '',
    person,
    day: again?.day ?? (store.day.value < today ? today : store.day.value),
    start,
    note: again?.note ?? '',
  }));
  const [errors, setErrors] = useState({});
  const set = changes => setDraft(now => ({ ...now, ...changes }));
  const minutes = store.services.value.get(draft.service)?.minutes ?? 30;
  const free = useFreeTimes(draft.service, draft.person, draft.day, { busy: [[0, minutes]] });
  const timeIsFree = Boolean(free.list?.some(time => time.start === draft.start));

  const save = event => {
    event.preventDefault();
    const found = check(draft, timeIsFree);
    setErrors(found);
    const first = Object.keys(found)[0];
    if (first) form.current.querySelector(first === 'start' ? '#times' : `[name=${first}]`).focus();
    else book(draft);
  };
  return (
    <Dialog title={_('New booking')} icon="calendar-plus" drawer>
      <form class="stack" ref={form} onSubmit={save} noValidate>
        <Who draft={draft} set={set} errors={errors} />
        <What draft={draft} set={set} errors={errors} />
        {draft.service && (
          <Times known={free} value={draft.start} onPick={time => set({ start: time })} error={errors.start} />
        )}
        <Field id="new-note" label={_('Note')} optional>
          {tie => <textarea {...tie} value={draft.note} onInput={e => set({ note: e.currentTarget.value })} />}
        </Field>
        <div class="dialog-foot">
          <button class="btn primary big">
            {timeIsFree ? _('Book %(time)s', { time: hm(draft.start) }) : _('Book')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function book({ phone, name, known, service, person, day, start, note }) {
  const customer = { name: name.trim(), phone: phone.trim() };
  if (known?.email) customer.email = known.email;
  store.act(
    'booking.create',
    { id: uuid(), service, person, day, start, customer, note: note.trim() },
    { say: _('%(name)s is booked at %(time)s', { name: customer.name, time: hm(start) }) },
  );
  close();
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
          onChoose={customer => set({ known: customer, name: customer.name, phone: customer.phone })}
        />
      )}
    </>
  );
}

function What({ draft, set, errors }) {
  return (
    <>
      <Field id="new-service" label={_('Service')} error={errors.service}>
        {tie => (
          <select {...tie} name="service" value={draft.service} onChange={e => set({ service: e.currentTarget.value })}>
            <option value="">{_('Choose a service')}</option>
            <ServiceOptions />
          </select>
        )}
      </Field>
      <div class="two">
        <Field id="new-person" label={_('With')}>
          {tie => (
            <select {...tie} value={draft.person ?? ''} onChange={e => set({ person: e.currentTarget.value || null })}>
              <option value="">{_('Anyone')}</option>
              <PersonOptions />
            </select>
          )}
        </Field>
        <Field id="new-day" label={_('Day')}>
          {tie => (
            <select {...tie} value={draft.day} onChange={e => set({ day: e.currentTarget.value })}>
              <DayOptions chosen={draft.day} />
            </select>
          )}
        </Field>
      </div>
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
          <span class="muted">{customer.phone}</span>
          <span class="muted small">{ngettext('%(num)s visit', '%(num)s visits', customer.visits ?? 0)}</span>
        </button>
      ))}
    </div>
  );
}
