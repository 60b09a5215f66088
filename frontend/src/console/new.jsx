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
function check({ name, phone, service, timeIsFree }) {
  const errors = {};
  if (digits(phone).length < 6 || digits(phone).length > 15) errors.phone = _('Enter a phone number');
  if (!name.trim()) errors.name = _('Enter a name');
  if (!service) errors.service = _('Choose a service');
  if (!timeIsFree) errors.start = _('Choose a time');
  return errors;
}

export function NewBooking({ person: firstPerson = null, start: firstStart = null, again }) {
  const form = useRef();
  const [phone, setPhone] = useState(again?.customer.phone ?? ''),
    [name, setName] = useState(again?.customer.name ?? '');
  const [service, setService] = useState(again?.service ?? ''),
    [person, setPerson] = useState(firstPerson);
  const [day, setDay] = useState(
    again?.day ?? (store.day.value < store.now.value.day ? store.now.value.day : store.day.value),
  );
  const [start, setStart] = useState(firstStart),
    [errors, setErrors] = useState({});
  const [known, setKnown] = useState(null); // the customer chosen from the list
  const minutes = store.services.value.get(service)?.minutes ?? 30;
  const free = useFreeTimes(service, person, day, { busy: [[0, minutes]] });
  const timeIsFree = Boolean(free.list?.some(time => time.start === start));

  const save = event => {
    event.preventDefault();
    const found = check({ name, phone, service, timeIsFree });
    setErrors(found);
    const first = Object.keys(found)[0];
    if (first) return form.current.querySelector(first === 'start' ? '#times' : `[name=${first}]`).focus();
    const note = new FormData(form.current).get('note').trim();
    const customer = { name: name.trim(), phone: phone.trim(), ...(known?.email ? { email: known.email } : {}) };
    store.act(
      'booking.create',
      { id: uuid(), service, person, day, start, customer, note },
      { say: _('%(name)s is booked at %(time)s', { name: customer.name, time: hm(start) }) },
    );
    return close();
  };
  const choose = customer => {
    setKnown(customer);
    setName(customer.name);
    setPhone(customer.phone);
  };
  return (
    <Dialog title={_('New booking')} icon="calendar-plus" drawer>
      <form class="stack" ref={form} onSubmit={save} noValidate>
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
              onInput={e => {
                setPhone(e.currentTarget.value);
                setKnown(null);
              }}
            />
          )}
        </Field>
        <Field id="new-name" label={_('Name')} error={errors.name}>
          {tie => (
            <input
              {...tie}
              name="name"
              autoComplete="off"
              value={name}
              onInput={e => {
                setName(e.currentTarget.value);
                setKnown(null);
              }}
            />
          )}
        </Field>
        {!known && <Known text={digits(phone).length >= 4 ? phone : name} onChoose={choose} />}
        <Field id="new-service" label={_('Service')} error={errors.service}>
          {tie => (
            <select {...tie} name="service" value={service} onChange={e => setService(e.currentTarget.value)}>
              <option value="">{_('Choose a service')}</option>
              <ServiceOptions />
            </select>
          )}
        </Field>
        <div class="two">
          <Field id="new-person" label={_('With')}>
            {tie => (
              <select {...tie} value={person ?? ''} onChange={e => setPerson(e.currentTarget.value || null)}>
                <option value="">{_('Anyone')}</option>
                <PersonOptions />
              </select>
            )}
          </Field>
          <Field id="new-day" label={_('Day')}>
            {tie => (
              <select {...tie} value={day} onChange={e => setDay(e.currentTarget.value)}>
                <DayOptions chosen={day} />
              </select>
            )}
          </Field>
        </div>
        {service && <Times known={free} value={start} onPick={setStart} error={errors.start} />}
        <Field id="new-note" label={_('Note')} optional>
          {tie => (
            <textarea {...tie} name="note">
              {again?.note ?? ''}
            </textarea>
          )}
        </Field>
        <div class="dialog-foot">
          <button class="btn primary big">{timeIsFree ? _('Book %(time)s', { time: hm(start) }) : _('Book')}</button>
        </div>
      </form>
    </Dialog>
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
