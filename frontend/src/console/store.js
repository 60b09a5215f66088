// What the screen shows: the confirmed base plus the unsent operations, replayed on top of it.
import { batch, computed, signal } from '@preact/signals';
import { uuid } from './api.js';
import * as db from './db.js';
import { visitLetters } from './layout.js';
import { isBackwards, isLive, isWaiting, reduce, stepBack, visitOf } from './reduce.js';
import { local } from './time.js';

export const EMPTY = { days: {}, cursors: {}, booking: {}, walkin: {} };

export const phase = signal('loading'); // loading | ready | nocopy | signedout
export const config = signal(null);
export const base = signal(EMPTY);
export const ops = signal([]); // rows waiting to be sent
export const refused = signal([]); // rows the server would not apply; they stay until a person has dealt with them
export const day = signal(''); // the day on the screen
export const net = signal({ reached: null, signedOut: false, failed: false, at: 0 });
export const toast = signal(null); // { text, undo?, open?, label? }
export const skew = signal(0); // server clock minus device clock, ms
export const dialog = signal(null); // { kind, ... } of the open drawer or dialog
export const tick = signal(Date.now()); // moves the now-line

export const services = computed(() => new Map((config.value?.services ?? []).map(s => [s.id, s])));
export const now = computed(() => local(tick.value + skew.value, config.value?.branch.tz ?? 'UTC'));

const context = computed(() => ({
  services: services.value,
  local: instant => local(instant, config.value?.branch.tz ?? 'UTC'),
}));
export const view = computed(() =>
  ops.value.reduce((state, row) => reduce(state, row.body, context.value), base.value),
);
export const frame = computed(() => base.value.days[day.value] ?? null);
export const bookings = computed(() => bookingsOn(day.value));
export const clashes = computed(() => Object.values(view.value.booking).filter(b => b.clash && isLive(b)));
export const requests = computed(() =>
  Object.values(view.value.booking)
    .filter(b => b.status === 'requested')
    .sort((a, b) => (a.day === b.day ? a.start - b.start : a.day < b.day ? -1 : 1)),
);
export const asked = signal(null); // how many requests the server says are unanswered, on whatever day
/** Requests that are answered here and not yet there. */
export const answered = computed(() => new Set(ops.value.filter(row => answers(row.body)).map(row => row.body.p.id)));
const answers = ({ type, p }) => type === 'booking.approve' || (type === 'booking.cancel' && p.reason === 'declined');
export const unanswered = computed(() =>
  asked.value === null ? requests.value.length : Math.max(0, asked.value - answered.value.size),
);
export const letters = computed(() => visitLetters(bookings.value));
export const plan = signal(null); // the server's plan of the queue, see the arrivals API

/** Everybody who is here and waits, walk-ins and arrived appointments, in the order in which they will be served. */
export const queue = computed(() => {
  const today = now.value.day,
    planned = new Map((plan.value?.waiting ?? []).map(entry => [entry.id, entry]));
  const walkins = Object.values(view.value.walkin)
    .filter(w => isWaiting(w) && context.value.local(w.at).day === today)
    .map(walkin => ({ ...walkin, walkin, since: walkin.at }));
  const arrived = bookingsOn(today)
    .filter(b => b.status === 'arrived')
    .map(booking => ({ ...booking, booking, name: booking.guest || booking.customer?.name }));
  const entries = [...walkins, ...arrived].map(entry => ({ ...entry, plan: planned.get(entry.id) }));
  return entries.sort((a, b) => place(a) - place(b) || (a.since ?? 0) - (b.since ?? 0));
});
const place = entry => entry.plan?.position ?? Infinity;

export const bookingsOn = which =>
  Object.values(view.value.booking).filter(b => b.day === which && b.status !== 'cancelled');
export const personName = id => frame.value?.people.find(p => p.id === id)?.name ?? '';
export const localMinute = instant => context.value.local(instant).minute;
export const slotMinutes = () => config.value?.branch.slot_minutes ?? 15;

const listeners = new Set();
export const onAct = listener => listeners.add(listener);

/** Do something: on disk first, then on the screen, then to the server. `say` becomes a toast, `undo` its button. */
export async function act(type, p, { version, say, undo } = {}) {
  const op = { op_id: uuid(), type, p, at: Date.now() + skew.value };
  if (version !== null && version !== undefined) op.base = { slot: version };
  const row = await db.addOp(op);
  batch(() => {
    ops.value = [...ops.value, row];
    if (say) toast.value = { text: say, undo };
  });
  for (const listener of listeners) listener();
}

export const members = booking => visitOf(view.value.booking, booking);
export const may = what => Boolean(config.value?.user.may.includes(what));
export const mayOverride = () => may('booking.override');

/** `more`: { alone } leaves the rest of the visit where it is, { override } is the reason against the rules. */
export function move(booking, to, say, unsay, more = {}) {
  const from = { person: booking.person, day: booking.day, start: booking.start };
  if (from.person === to.person && from.day === to.day && from.start === to.start) return Promise.resolve();
  return act(
    'booking.move',
    { id: booking.id, ...to, ...more },
    {
      version: booking.slot_version,
      say,
      undo: () => {
        const present = view.value.booking[booking.id];
        return present && move(present, from, unsay, unsay, { alone: more.alone });
      },
    },
  );
}

/** Longer by so many minutes, or shorter. */
export const stretch = ({ id, extra }, minutes, say, override) =>
  act(
    'booking.extend',
    { id, extra: extra + minutes, override },
    { say, undo: () => act('booking.extend', { id, extra }) },
  );

const before = new Map(); // booking -> status it had before the last button, for an exact undo

export function setStatus(booking, status, say) {
  before.set(booking.id, booking.status);
  const back = isBackwards(booking.status, status);
  return act('booking.status', back ? { id: booking.id, status, undo: true } : { id: booking.id, status }, {
    say,
    undo: () => undoStatus(view.value.booking[booking.id]),
  });
}

export function undoStatus(booking) {
  const status = before.get(booking.id) ?? stepBack(booking.status);
  before.delete(booking.id);
  return status ? act('booking.status', { id: booking.id, status, undo: true }) : undefined;
}

/** A person has dealt with refused work: only now is it deleted. */
export async function dismiss(row) {
  await db.removeOps([row.n]);
  refused.value = refused.value.filter(other => other.n !== row.n);
  for (const listener of listeners) listener();
}

/** Read what another tab, or an earlier visit, left on this device. */
export async function reload(hours) {
  const [stored, rows] = await Promise.all([db.loadBase(hours), db.allOps()]);
  batch(() => {
    base.value = stored.base ?? EMPTY;
    ops.value = rows.filter(row => row.state === 'waiting');
    refused.value = rows.filter(row => row.state === 'refused');
    if (stored.at && !net.value.at) net.value = { ...net.value, at: stored.at };
  });
}
