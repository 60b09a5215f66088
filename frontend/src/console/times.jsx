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

async function ask({ busy: _busy, ...wish }) {
  if (wish.guests) wish.service = null; // said once
  const { times, ...quote } = await call(store.config.value.endpoints.times, wish);
  return { list: times, checked: true, quote };
}

function fromDevice({ service, person, day, busy, except }) {
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

const LOOKING = { list: undefined, checked: false };

/**
 * { list: [{start, people}], checked, quote } for { service, options, person, guests, day, except, busy }. The list is
 * null when neither the server nor this device knows; `checked` is true for the server's word.
 */
export function useFreeTimes(wish) {
  const [answer, setAnswer] = useState({});
  const version = wish.except ? store.view.value.booking[wish.except]?.slot_version : 0;
  const asked = JSON.stringify([wish, version]);
  useEffect(() => {
    let current = true;
    const put = known => current && setAnswer({ asked, known });
    if (!wish.service || !wish.day) return put({ list: [], checked: false });
    ask(wish).then(put, () => put({ list: fromDevice(wish), checked: false }));
    return () => {
      current = false;
    };
  }, [asked]);
  return answer.asked === asked ? answer.known : LOOKING; // the times of another person or day must not be picked
}

/** Radio buttons that look like time buttons. `value` is a minute or null. */
export function Times({ known, value, onPick, error, any }) {
  const { list, checked } = known;
  const taken = list && value !== null && !list.some(time => time.start === value);
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
      {any && list && <AnyTime value={taken ? value : null} onPick={onPick} />}
      {error && (
        <span class="err">
          <Icon name="alert-triangle" />
          {error}
        </span>
      )}
    </fieldset>
  );
}

/** A time that is not free, for those who may book it all the same. */
function AnyTime({ value, onPick }) {
  const times = [];
  for (let minute = 0; minute < 1440; minute += 5) times.push(minute);
  return (
    <details class="more" open={value !== null}>
      <summary>{_('Another time')}</summary>
      <select
        class="input"
        aria-label={_('Another time')}
        value={value ?? ''}
        onChange={event => onPick(event.currentTarget.value ? Number(event.currentTarget.value) : null)}
      >
        <option value="">{_('Choose a time')}</option>
        {times.map(minute => (
          <option key={minute} value={minute}>
            {hm(minute)}
          </option>
        ))}
      </select>
    </details>
  );
}
