// Short questions: the whole visit or one of it, against the rules or not, and blocking somebody's time.
import { useState } from 'preact/hooks';
import { uuid } from './api.js';
import { _, ngettext } from './i18n.js';
import { focusOn } from './moving.js';
import * as store from './store.js';
import { DayOptions, PersonOptions } from './times.jsx';
import { dayName, hm } from './time.js';
import { Choice, close, customerName, Dialog, Field, Icon, Members } from './ui.jsx';

/** A moved appointment has others that belong to it. */
export function Whole({ booking, place, go }) {
  const all = store.members(booking);
  const answer = more => () => {
    close();
    go(more);
    focusOn(booking.id);
  };
  const when = place.day === store.day.value ? '' : `${dayName(place.day, store.config.value.locale)}, `;
  return (
    <Dialog title={_('Move to %(time)s', { time: when + hm(place.start) })} icon="arrows-move">
      <p>{_('This is part of a visit:')}</p>
      <Members all={all} />
      <div class="choice">
        <Choice icon="users" onClick={answer({})}>
          {ngettext('Move all %(num)s', 'Move all %(num)s', all.length)}
        </Choice>
        <Choice icon="user" onClick={answer({ alone: true })}>
          {_('Only %(name)s, %(service)s', { name: customerName(booking), service: booking.service_name })}
        </Choice>
        <Choice icon="x" onClick={close}>
          {_('Leave everything where it is')}
        </Choice>
      </div>
    </Dialog>
  );
}

/** A rule stands against it: whoever may set it aside says why, and that is kept. */
export function Against({ why, label, anyway }) {
  const [reason, setReason] = useState(''),
    [missing, setMissing] = useState(false);
  const save = event => {
    event.preventDefault();
    setMissing(!reason.trim());
    if (!reason.trim()) return document.getElementById('against-reason').focus();
    close();
    return anyway(reason.trim());
  };
  return (
    <Dialog title={label} icon="alert-triangle">
      <form class="stack" onSubmit={save} noValidate>
        <p class="alert warn">
          <Icon name="alert-triangle" />
          <span>{why}</span>
        </p>
        <Reason id="against-reason" value={reason} onInput={setReason} missing={missing} />
        <button class="btn primary">{label}</button>
      </form>
    </Dialog>
  );
}

export const Reason = ({ id, value, onInput, missing }) => (
  <Field
    id={id}
    label={_('Reason')}
    hint={_('It is kept with your name.')}
    error={missing && _('Write down the reason.')}
  >
    {tie => (
      <input {...tie} autoComplete="off" maxLength={200} value={value} onInput={e => onInput(e.currentTarget.value)} />
    )}
  </Field>
);

/** Somebody is not there for customers for a while. */
export function BlockTime({ person, start }) {
  const frame = store.frame.value,
    step = store.slotMinutes();
  const [draft, setDraft] = useState(() => {
    const from = start ?? Math.ceil(Math.max(store.now.value.minute, frame?.opens ?? 540) / step) * step;
    return { person: person ?? frame?.people[0]?.id, day: store.day.value, start: from, end: from + 60, note: '' };
  });
  const set = changes => setDraft(now => ({ ...now, ...changes }));
  const times = [];
  for (let minute = 0; minute < 1440; minute += step) times.push(minute);
  const pick = key => e => set({ [key]: Number(e.currentTarget.value) });
  const wrong = draft.end <= draft.start;
  const save = event => {
    event.preventDefault();
    if (wrong) return document.getElementById('block-end').focus();
    const { end, note, ...place } = draft;
    const name = store.personName(place.person);
    const say = _('%(name)s is not bookable %(from)s–%(to)s', { name, from: hm(place.start), to: hm(end) });
    const p = { id: uuid(), ...place, minutes: end - place.start, note: note.trim() };
    store.act('booking.block', p, { say, undo: () => store.act('booking.unblock', { id: p.id }) });
    return close();
  };
  const choose = (id, key, label, list, error) => (
    <Field id={id} label={label} error={error}>
      {tie => (
        <select {...tie} value={draft[key]} onChange={pick(key)}>
          {list.map(minute => (
            <option key={minute} value={minute}>
              {hm(minute)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
  return (
    <Dialog title={_('Block time')} icon="lock" drawer>
      <form class="stack" onSubmit={save} noValidate>
        <Field id="block-note" label={_('What for')} optional>
          {tie => (
            <input
              {...tie}
              autoFocus
              autoComplete="off"
              maxLength={200}
              value={draft.note}
              onInput={e => set({ note: e.currentTarget.value })}
            />
          )}
        </Field>
        <div class="two">
          <Field id="block-person" label={_('Who')}>
            {tie => (
              <select {...tie} value={draft.person} onChange={e => set({ person: e.currentTarget.value })}>
                <PersonOptions />
              </select>
            )}
          </Field>
          <Field id="block-day" label={_('Day')}>
            {tie => (
              <select {...tie} value={draft.day} onChange={e => set({ day: e.currentTarget.value })}>
                <DayOptions chosen={draft.day} />
              </select>
            )}
          </Field>
          {choose('block-start', 'start', _('From'), times)}
          {choose('block-end', 'end', _('Until'), [...times.slice(1), 1440], wrong && _('Choose a later end'))}
        </div>
        <button class="btn primary big">{_('Block time')}</button>
      </form>
    </Dialog>
  );
}
