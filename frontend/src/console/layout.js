// Where things stand on the day board, and which times are free: pure arithmetic on minutes.
import { isLive } from './reduce.js';

/** First and last minute drawn: opening hours, shifts and whatever is booked outside them, in whole hours. */
export function drawnHours(frame, bookings) {
  const starts = [frame.opens, ...frame.people.flatMap(p => p.shifts.map(s => s[0])), ...bookings.map(b => b.start)];
  const ends = [
    frame.closes,
    ...frame.people.flatMap(p => p.shifts.map(s => s[1])),
    ...bookings.map(b => b.start + b.minutes),
  ];
  const known = list => list.filter(minute => minute !== null && minute !== undefined);
  const from = Math.min(...known(starts)),
    to = Math.max(...known(ends));
  if (!Number.isFinite(from) || !Number.isFinite(to)) return { from: 540, to: 1080 };
  return { from: Math.floor(from / 60) * 60, to: Math.min(1440, Math.ceil(to / 60) * 60) };
}

/** [start, end] pairs in which the person works here: shifts within opening hours. */
export function working(frame, person) {
  if (frame.opens === null) return [];
  return person.shifts
    .map(([start, end]) => [Math.max(start, frame.opens), Math.min(end, frame.closes)])
    .filter(([start, end]) => start < end)
    .sort((a, b) => a[0] - b[0]);
}

/** What is left of [from, to] around the given sorted pairs. */
export function gaps(pairs, from, to) {
  const out = [];
  let at = from;
  for (const [start, end] of pairs) {
    if (start > at) out.push([at, Math.min(start, to)]);
    at = Math.max(at, end);
  }
  if (at < to) out.push([at, to]);
  return out;
}

/** Whether `b` lies in time in which `a` leaves its person free. */
const isWithin = (b, a) =>
  a !== b &&
  gaps(a.busy?.map(([offset, minutes]) => [offset, offset + minutes]) ?? [[0, a.minutes]], 0, a.minutes).some(
    ([from, to]) => a.start + from <= b.start && b.start + b.minutes <= a.start + to,
  );

/** Overlapping bookings stand side by side, those in another one's pause upon it: id -> { lane, of, within }. */
export function lanes(bookings) {
  const within = bookings.filter(b => bookings.some(a => isWithin(b, a)));
  const out = beside(bookings.filter(b => !within.includes(b)));
  for (const [id, place] of beside(within)) out.set(id, { ...place, within: true });
  return out;
}

function beside(bookings) {
  const out = new Map();
  let group = [],
    ends = [],
    last = -1;
  const close = () => {
    for (const id of group) out.get(id).of = ends.length;
    group = [];
    ends = [];
  };
  for (const b of [...bookings].sort((x, y) => x.start - y.start || y.minutes - x.minutes)) {
    if (b.start >= last) close();
    let lane = ends.findIndex(end => end <= b.start);
    if (lane < 0) lane = ends.length;
    ends[lane] = b.start + b.minutes;
    out.set(b.id, { lane, of: 1 });
    group.push(b.id);
    last = Math.max(last, b.start + b.minutes);
  }
  close();
  return out;
}

/** What was promised at the desk for a taken time holds none; what was to move there still holds its old one. */
const holdsTime = booking => !booking.clash || Boolean(booking.clash.mine);

/** When a person is at work in a booking, as [start, end] pairs: as its own person, or helping. */
const workOf = (booking, person) =>
  (booking.person === person ? booking.busy : (booking.helps?.find(help => help.person === person)?.busy ?? [])).map(
    ([offset, minutes]) => [booking.start + offset, booking.start + offset + minutes],
  );

/** `except` is the id of a booking or of a whole visit. */
export const taken = (bookings, person, except = '') =>
  bookings
    .filter(b => b.id !== except && (!b.visit || b.visit !== except) && isLive(b) && holdsTime(b))
    .flatMap(b => workOf(b, person));

const known = new WeakMap();

/** What others than its own person do for a booking, to be drawn in their columns: always the same objects. */
export function helpsOf(booking) {
  if (!known.has(booking)) {
    const parts = (isLive(booking) ? (booking.helps ?? []) : []).flatMap(({ person, busy }) =>
      busy.map(([offset, minutes]) => {
        const start = booking.start + offset;
        return { id: `${booking.id}+${person}${offset}`, of: booking, person, start, minutes };
      }),
    );
    known.set(booking, parts);
  }
  return known.get(booking);
}

/** A letter for each visit of several appointments, by which one sees what belongs together: visit -> letter. */
export function visitLetters(bookings) {
  const sizes = new Map();
  for (const b of [...bookings].sort((x, y) => x.start - y.start))
    if (b.visit) sizes.set(b.visit, (sizes.get(b.visit) ?? 0) + 1);
  const several = [...sizes].filter(([, size]) => size > 1).map(([visit]) => visit);
  return new Map(several.map((visit, n) => [visit, String.fromCharCode(65 + (n % 26))]));
}

/** Minutes that the customer of a booking is late beyond the grace, 0 when there is nothing to say. */
export function lateBy(booking, { day, minute }) {
  if (booking.day !== day || !['booked', 'confirmed'].includes(booking.status)) return 0;
  const late = minute - booking.start;
  return late > (booking.grace ?? 15) ? late : 0;
}

/** Whether the person has the skills for the service. */
export const canDo = (person, service) => !person.can || person.can.includes(service);

const overlaps = (a, b) => a[0] < b[1] && b[0] < a[1];

/** Can the person do `busy` (pairs [offset, minutes]) from `start`, going by what this device knows? */
export function fits(frame, bookings, person, start, busy, except) {
  const others = taken(bookings, person.id, except);
  const shifts = working(frame, person);
  return busy.every(([offset, minutes]) => {
    const wanted = [start + offset, start + offset + minutes];
    return shifts.some(s => s[0] <= wanted[0] && wanted[1] <= s[1]) && !others.some(o => overlaps(o, wanted));
  });
}

/** Free starts of one person, or of anyone (`person` null): [{ start, people: [id] }]. */
export function freeTimes(frame, bookings, { person, service, busy, except, step = 15, after = 0 }) {
  const people = frame.people.filter(p => (!person || p.id === person) && canDo(p, service));
  const out = [];
  for (let start = Math.ceil((frame.opens ?? 1440) / step) * step; start < (frame.closes ?? 0); start += step) {
    if (start < after) continue;
    const able = people.filter(p => fits(frame, bookings, p, start, busy, except)).map(p => p.id);
    if (able.length) out.push({ start, people: able });
  }
  return out;
}

/** Minute until which the person stays free from `minute` on, or null when not free (or not working) now. */
export function freeUntil(frame, bookings, person, minute) {
  const shift = working(frame, person).find(([start, end]) => start <= minute && minute < end);
  const others = taken(bookings, person.id);
  if (!shift || others.some(([start, end]) => start <= minute && minute < end)) return null;
  return Math.min(shift[1], ...others.filter(([start]) => start > minute).map(([start]) => start));
}
