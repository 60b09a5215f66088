// Moving a booking on the board, or its lower edge, by pointer or by keyboard. `grid` says how the board is drawn just
// now: { scroller (ref), from, to (minutes), ppm, people, carry(ghost|null), say(text) }.
import { startDrag } from './drag.js';
import { _ } from './i18n.js';
import { canDo, taken, working } from './layout.js';
import * as store from './store.js';
import { hm } from './time.js';
import { customerName } from './ui.jsx';

export const CELL = 5;

/** Why the booking cannot stand there, as a sentence; null when it can. */
function obstacle(booking, person, start, more = 0) {
  const last = booking.busy.length - 1;
  const wanted = booking.busy.map(([offset, minutes], n) => [
    start + offset,
    start + offset + minutes + (n === last ? more : 0),
  ]);
  const others = taken(store.bookings.value, person.id, booking.visit ?? booking.id);
  const named = { name: person.name, time: hm(start + (more && booking.minutes)) };
  if (!canDo(person, booking.service)) {
    return _('%(name)s does not do %(service)s.', { ...named, service: booking.service_name });
  }
  if (wanted.some(w => others.some(o => o[0] < w[1] && w[0] < o[1]))) return _('%(name)s is busy at %(time)s.', named);
  const shifts = working(store.frame.value, person);
  const inside = wanted.every(w => shifts.some(s => s[0] <= w[0] && w[1] <= s[1]));
  return inside ? null : _('%(name)s does not work at %(time)s.', named);
}

const personOf = id => store.frame.value.people.find(p => p.id === id);

/** Say why not, and offer the way around it to those who may take it. */
function refuse(why, label, anyway) {
  const ask = () => {
    store.dialog.value = { kind: 'against', why, label, anyway };
  };
  store.toast.value = { text: [why, _('Nothing was changed.')].join(' '), ...(store.mayOverride() && { ask, label }) };
}

/** Move as asked: with a question when it belongs to a visit, with a reason when the rules stand against it. */
export async function tryMove(booking, to) {
  const place = { person: to.person, day: to.day ?? booking.day, start: to.start };
  const person = place.day === store.day.value && personOf(place.person);
  const stays = place.person === booking.person && place.start === booking.start && place.day === booking.day;
  if (stays) return;
  const why = person ? obstacle(booking, person, place.start) : null;
  const name = customerName(booking);
  const go = more =>
    store.move(
      booking,
      place,
      _('%(name)s moved to %(time)s', { name, time: hm(place.start) }),
      _('%(name)s is back where it was', { name }),
      more,
    );
  const ask = more => (why ? refuse(why, _('Move anyway'), override => go({ ...more, override })) : go(more));
  if (store.members(booking).length < 2) await ask({});
  else store.dialog.value = { kind: 'whole', booking, place, go: ask };
}

/** Make it end at another time. */
export async function tryStretch(booking, minutes) {
  const more = minutes - booking.minutes;
  if (!more) return;
  const person = personOf(booking.person);
  const why = person && more > 0 ? obstacle(booking, person, booking.start, more) : null;
  const until = hm(booking.start + minutes);
  const say = _('%(name)s: until %(time)s', { name: customerName(booking), time: until });
  const go = override => store.stretch(booking, more, say, override);
  if (why) refuse(why, _('Longer anyway'), go);
  else await go();
}

/** The column and the minute under a point of the screen. */
export function spotAt({ scroller, from, ppm }, x, y) {
  const columns = [...scroller.current.querySelectorAll('.col')];
  const boxes = columns.map(column => column.getBoundingClientRect());
  let index = boxes.findIndex(box => x >= box.left && x < box.right);
  if (index < 0) index = x < boxes[0].left ? 0 : columns.length - 1;
  return { person: columns[index].dataset.person, minute: from + (y - boxes[index].top) / ppm, box: boxes[index] };
}

function snap(minute, booking, { from, to }) {
  const step = store.slotMinutes();
  return Math.max(from, Math.min(to - booking.minutes, Math.round(minute / step) * step));
}

const shortest = booking => booking.minutes - booking.busy.at(-1)[1] + CELL;

/** To whole cells, no shorter than its last step allows and no longer than the day. */
const snapLength = (minutes, booking, { to }) =>
  Math.max(shortest(booking), Math.min(to - booking.start, Math.round(minutes / CELL) * CELL));

/** Follow the pointer that went down on a booking. */
export function dragBooking(event, booking, grid) {
  const grab = event.clientY - event.currentTarget.getBoundingClientRect().top;
  follow(event, booking, grid, {
    place(x, y) {
      const spot = spotAt(grid, x, y - grab);
      const start = snap(spot.minute, booking, grid);
      const person = grid.people.find(p => p.id === spot.person);
      const stays = spot.person === booking.person && start === booking.start;
      const box = {
        left: spot.box.left + 3,
        top: spot.box.top + (start - grid.from) * grid.ppm,
        width: spot.box.width - 7,
      };
      const why = stays || !person ? null : obstacle(booking, person, start);
      const text = [hm(start), why ?? person?.name].join(' · ');
      return { booking, start, person: person?.id ?? booking.person, minutes: booking.minutes, box, why, text };
    },
    drop: spot => tryMove(booking, spot),
  });
}

/** Follow the pointer that went down on a booking's lower edge. */
export function dragEdge(event, booking, grid) {
  const block = event.currentTarget.parentElement.getBoundingClientRect(),
    grab = event.clientY - block.bottom;
  follow(event, booking, grid, {
    place(x, y) {
      const { top } = grid.scroller.current.querySelector('.col').getBoundingClientRect();
      const minutes = snapLength(grid.from + (y - grab - top) / grid.ppm - booking.start, booking, grid);
      const person = personOf(booking.person);
      const why =
        person && minutes > booking.minutes
          ? obstacle(booking, person, booking.start, minutes - booking.minutes)
          : null;
      const box = { left: block.left, top: top + (booking.start - grid.from) * grid.ppm, width: block.width };
      const text = [_('until %(time)s', { time: hm(booking.start + minutes) }), why].filter(Boolean).join(' · ');
      return { booking, start: booking.start, person: booking.person, minutes, box, why, text };
    },
    drop: spot => tryStretch(booking, spot.minutes),
  });
}

/** Draw and say where it is carried; Escape and a lost pointer leave it where it was. */
function follow(event, booking, grid, { place, drop }) {
  let said, dropped;
  startDrag(event, {
    scroller: grid.scroller.current,
    show(x, y) {
      const spot = place(x, y);
      grid.carry(spot);
      if (spot.text !== said) grid.say((said = spot.text));
    },
    drop(x, y) {
      dropped = true;
      drop(place(x, y));
    },
    end() {
      grid.carry(null);
      if (said && !dropped) setTimeout(() => dropped || grid.say(_('Nothing was changed.')));
    },
  });
}

export function focusOn(id) {
  requestAnimationFrame(() => document.querySelector(`[data-id="${id}"]`)?.focus());
}

/**
 * `m` picks the focused booking up, `e` its end; arrows carry it; Enter puts it down, Escape back. Every step is said
 * aloud. `held` is null or { id, person, start, minutes, edge }; `hold` changes it.
 */
export function keyMove(event, booking, { grid, held, hold }) {
  const { say } = grid;
  if (!held) {
    const key = event.key.toLowerCase();
    if (!['m', 'e'].includes(key) || event.ctrlKey || event.metaKey) return;
    const { id, person, start, minutes } = booking;
    hold({ id, person, start, minutes, edge: key === 'e' });
    const name = customerName(booking);
    say(
      key === 'e'
        ? _('End of %(name)s. Arrow keys make it longer or shorter, Enter confirms, Escape cancels.', { name })
        : _('Moving %(name)s. Arrow keys change time and person, Enter confirms, Escape cancels.', { name }),
    );
    event.preventDefault();
    return;
  }
  const next = carried(event.key, held, booking, grid);
  if (next) {
    hold(next);
    const until = _('until %(time)s', { time: hm(next.start + next.minutes) });
    say(held.edge ? until : [hm(next.start), grid.people.find(p => p.id === next.person).name].join(', '));
  } else if (event.key === 'Enter' || event.key === ' ') {
    const present = store.view.value.booking[held.id];
    (held.edge ? tryStretch(present, held.minutes) : tryMove(present, held)).then(() => {
      hold(null); // it stays where it is carried until the move is on disk
      if (!store.dialog.value) focusOn(held.id);
    });
  } else if (event.key === 'Escape') {
    hold(null);
    say(_('Move cancelled.'));
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
  focusOn(held.id);
}

function carried(key, held, booking, grid) {
  const step = { ArrowUp: -1, ArrowDown: 1 }[key];
  if (held.edge) {
    return (
      step && { ...held, minutes: snapLength(held.minutes + step * CELL, store.view.value.booking[held.id], grid) }
    );
  }
  if (step) return { ...held, start: snap(held.start + step * store.slotMinutes(), booking, grid) };
  const aside = { ArrowLeft: -1, ArrowRight: 1 }[key];
  if (!aside) return undefined;
  const index = grid.people.findIndex(p => p.id === held.person) + aside;
  return { ...held, person: grid.people[Math.max(0, Math.min(grid.people.length - 1, index))].id };
}
