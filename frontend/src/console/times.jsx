// Choosing a time. Online the server says what is free (it knows rooms, devices and skills), offline our own copy.
import { useEffect, useState } from 'preact/hooks';
import { call } from './api.js';
import { _ } from './i18n.js';
import { freeTimes } from './layout.js';
import * as store from './store.js';
import { addDays, dayName, hm, minuteIn } from './time.js';
import { Icon } from './ui.jsx';

export function ServiceOptions() {
  const groups = new Map();
  for (const service of store.config.value.services)
    groups.set(service.category, [...(groups.get(service.category) ?? []), service]);
  const option = service => (
    <option key={service.id} value={service.id}>
      {service.name} · {_('%(minutes)s min', { minutes: service.minutes })}
    </option>
  );
  return [...groups].map(([name, services]) =>
    name ? (
      <optgroup key={name} label={name}>
        {services.map(option)}
      </optgroup>
    ) : (
      services.map(option)
    ),
  );
}

/** Days in our own words: a date field would show them in the browser's order. */
export function DayOptions({ chosen }) {
  const { locale, branch } = store.config.value,
    today = store.now.value.day;
  const days = Array.from({ length: (branch.horizon_days ?? 60) + 1 }, (_unused, index) => addDays(today, index));
  if (!days.includes(chosen)) days.unshift(chosen);
  return days.map(day => (
    <option key={day} value={day}>
      {day === today ? _('Today') : dayName(day, locale)}
    </option>
  ));
}

export const PersonOptions = () =>
  (store.frame.value?.people ?? []).map(p => (
    <option key={p.id} value={p.id}>
      {p.name}
    </option>
  ));

async function ask(service, person, day) {
  const { branch, endpoints } = store.config.value;
  const query = new URLSearchParams({ branch: branch.id, service, from: day, days: '1' });
  if (person) query.set('staff', person);
  const answer = await call(`${endpoints.availability}?${query}`);
  const slots = answer.days.find(d => d.date === day)?.slots ?? [];
  return slots.map(slot => ({ start: minuteIn(slot.start), people: slot.staff }));
}

function fromDevice(service, person, day, busy, except) {
  const frame = store.base.value.days[day];
  if (!frame) return null;
  const { day: today, minute } = store.now.value;
  return freeTimes(frame, store.bookingsOn(day), {
    service,
    person,
    busy,
    except,
    step: store.slotMinutes(),
    after: day === today ? minute - 15 : 0,
  });
}

/** [{start, people}] or null when neither the server nor this device knows; `checked` is true for the server's word. */
export function useFreeTimes(service, person, day, { busy, except }) {
  const [known, setKnown] = useState({ list: undefined, checked: false });
  const version = except ? store.view.value.booking[except]?.slot_version : 0;
  useEffect(() => {
    let current = true;
    const put = value => current && setKnown(value);
    if (!service || !day) return put({ list: [], checked: false });
    if (except && store.base.value.days[day]) {
      // its own time counts as free only here
      return put({ list: fromDevice(service, person, day, busy, except), checked: false });
    }
    put({ list: undefined, checked: false });
    ask(service, person, day).then(
      list => put({ list, checked: true }),
      () => put({ list: fromDevice(service, person, day, busy, except), checked: false }),
    );
    return () => {
      current = false;
    };
  }, [service, person, day, version]);
  return known;
}

/** Radio buttons that look like time buttons. `value` is a minute or null. */
export function Times({ known, value, onPick, error }) {
  const { list, checked } = known;
  return (
    <fieldset class={error ? 'field error' : 'field'} id="times" tabIndex={-1}>
      <legend>{_('Time')}</legend>
      {list === undefined && (
        <div class="skeleton times-wait">
          <span class="vh" role="status">
            {_('Looking for free times…')}
          </span>
        </div>
      )}
      {list === null && <p class="hint">{_('This device does not know that day. Connect to see free times.')}</p>}
      {list?.length === 0 && (
        <p class="alert">
          <Icon name="calendar" />
          <span>{_('No free time.')}</span>
        </p>
      )}
      {list?.length > 0 && (
        <div class="picks">
          {list.map(({ start }) => (
            <label key={start}>
              <input type="radio" name="start" value={start} checked={value === start} onChange={() => onPick(start)} />
              <span>
                <time>{hm(start)}</time>
              </span>
            </label>
          ))}
        </div>
      )}
      {list?.length > 0 && !checked && store.net.value.reached === false && (
        <p class="hint">{_('From this device’s copy; the server checks when the connection is back.')}</p>
      )}
      {error && (
        <span class="err">
          <Icon name="alert-triangle" />
          {error}
        </span>
      )}
    </fieldset>
  );
}
