// What changes an appointment: its length, its place, and calling it off.
import { useState } from 'preact/hooks';
import { Reason } from './ask.jsx';
import { _, ngettext } from './i18n.js';
import { CELL, tryMove, tryStretch } from './moving.js';
import * as store from './store.js';
import { hm } from './time.js';
import { DayOptions, PersonOptions, Times, useFreeTimes } from './times.jsx';
import { close, customerName, Field, Icon } from './ui.jsx';

/** Five minutes at a time, as dragging the lower edge does. */
export function Length({ booking }) {
  const change = minutes => () => tryStretch(booking, booking.minutes + minutes);
  const last = booking.busy.at(-1)[1];
  return (
    <div class="length" role="group" aria-label={_('Length')}>
      <button type="button" class="btn icon" disabled={last <= CELL} onClick={change(-CELL)}>
        <Icon name="minus" />
        <span class="vh">{_('%(minutes)s min shorter', { minutes: CELL })}</span>
      </button>
      <span class="grow" role="status">
        {_('%(minutes)s min', { minutes: booking.minutes })},{' '}
        {_('until %(time)s', { time: hm(booking.start + booking.minutes) })}
      </span>
      <button type="button" class="btn icon" onClick={change(CELL)}>
        <Icon name="plus" />
        <span class="vh">{_('%(minutes)s min longer', { minutes: CELL })}</span>
      </button>
    </div>
  );
}

export function Move({ booking }) {
  const [person, setPerson] = useState(booking.person),
    [day, setDay] = useState(booking.day),
    [start, setStart] = useState(booking.start);
  const { service, options, busy, id } = booking;
  const known = useFreeTimes({ service, options, person, day, busy, except: id });
  const same = person === booking.person && day === booking.day && start === booking.start;
  const valid = !same && known.list?.some(time => time.start === start);
  const save = event => {
    event.preventDefault();
    if (day !== store.day.value) close();
    tryMove(booking, { person, day, start });
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

const REASONS = {
  customer: () => _('The customer asked'),
  branch: () => _('We cannot do it'),
  mistake: () => _('Booked by mistake'),
};

export function Cancel({ booking }) {
  const all = store.members(booking);
  const [wish, setWish] = useState({ reason: 'customer', alone: false, waived: false, waive: '', missing: false });
  const set = changes => setWish(now => ({ ...now, ...changes }));
  const { reason, alone, waived, waive, missing } = wish;
  const gone = alone ? [booking] : all;
  const late = gone.filter(one => one.fee && store.tick.value + store.skew.value > one.fee.after);
  const fee = reason === 'customer' && late.map(one => one.fee.text).join(' + ');
  const cancel = event => {
    event.preventDefault();
    if (fee && waived && !waive.trim()) {
      set({ missing: true });
      return document.getElementById('cancel-waive').focus();
    }
    const p = { id: booking.id, reason, alone, ...(fee && waived && { waive: waive.trim() }) };
    store.act('booking.cancel', p, { say: _('%(name)s: booking cancelled', { name: customerName(booking) }) });
    return close();
  };
  return (
    <details class="more">
      <summary class="danger">{_('Cancel this booking')}</summary>
      <form class="stack" onSubmit={cancel} noValidate>
        <Field id="cancel-reason" label={_('Why')}>
          {tie => (
            <select {...tie} value={reason} onChange={e => set({ reason: e.currentTarget.value })}>
              {Object.entries(REASONS).map(([key, name]) => (
                <option key={key} value={key}>
                  {name()}
                </option>
              ))}
            </select>
          )}
        </Field>
        {all.length > 1 && (
          <label class="check">
            <input type="checkbox" checked={alone} onChange={e => set({ alone: e.currentTarget.checked })} />
            <span>{_('Only this appointment, the rest of the visit stays')}</span>
          </label>
        )}
        {fee && (
          <>
            <p class="alert warn">
              <Icon name="alert-triangle" />
              <span>{_('It is too late to cancel free of charge: %(fee)s', { fee })}</span>
            </p>
            {store.may('booking.charges') && (
              <label class="check">
                <input type="checkbox" checked={waived} onChange={e => set({ waived: e.currentTarget.checked })} />
                <span>{_('Do not ask for it')}</span>
              </label>
            )}
            {waived && (
              <Reason id="cancel-waive" value={waive} onInput={text => set({ waive: text })} missing={missing} />
            )}
          </>
        )}
        <button class="btn danger">
          {gone.length > 1
            ? ngettext('Cancel all %(num)s and free the time', 'Cancel all %(num)s and free the time', gone.length)
            : _('Cancel booking and free the time')}
        </button>
      </form>
    </details>
  );
}
