// Moving a booking on the board, by pointer or by keyboard. `grid` says how the board is drawn just now:
// { scroller (ref), from, to (minutes), ppm, people, carry(ghost|null) }.
import { startDrag } from './drag.js';
import { _ } from './i18n.js';
import { canDo, taken, working } from './layout.js';
import * as store from './store.js';
import { hm } from './time.js';
import { customerName } from './ui.jsx';

/** Why the booking cannot stand there, as a sentence; null when it can. */
function obstacle(booking, person, start) {
  const wanted = booking.busy.map(([offset, minutes]) => [start + offset, start + offset + minutes]);
  const others = taken(store.bookings.value, person.id, booking.id);
  const named = { name: person.name, time: hm(start) };
  if (!canDo(person, booking.service)) {
    return _('%(name)s does not do %(service)s.', { ...named, service: booking.service_name });
  }
  if (wanted.some(w => others.some(o => o[0] < w[1] && w[0] < o[1]))) return _('%(name)s is busy at %(time)s.', named);
  const shifts = working(store.frame.value, person);
  const inside = wanted.every(w => shifts.some(s => s[0] <= w[0] && w[1] <= s[1]));
  return inside ? null : _('%(name)s does not work at %(time)s.', named);
}

async function tryMove(booking, to) {
  const person = store.frame.value.people.find(p => p.id === to.person);
  const stays = to.person === booking.person && to.start === booking.start;
  const why = person && !stays ? obstacle(booking, person, to.start) : null;
  if (why) {
    store.toast.value = { text: [why, _('Nothing was moved.')].join(' ') };
    return;
  }
  const name = customerName(booking);
  const done = _('%(name)s moved to %(time)s', { name, time: hm(to.start) });
  const place = { person: to.person, day: booking.day, start: to.start };
  await store.move(booking, place, done, _('%(name)s is back where it was', { name }));
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

/** Follow the pointer that went down on a booking. */
export function dragBooking(event, booking, grid) {
  const grab = event.clientY - event.currentTarget.getBoundingClientRect().top;
  const place = (x, y) => {
    const spot = spotAt(grid, x, y - grab);
    const start = snap(spot.minute, booking, grid);
    const person = grid.people.find(p => p.id === spot.person);
    const stays = spot.person === booking.person && start === booking.start;
    const top = spot.box.top + (start - grid.from) * grid.ppm;
    return {
      booking,
      start,
      person: person?.id ?? booking.person,
      box: { left: spot.box.left + 3, top, width: spot.box.width - 7 },
      why: stays || !person ? null : obstacle(booking, person, start),
    };
  };
  startDrag(event, {
    scroller: grid.scroller.current,
    show: (x, y) => grid.carry(place(x, y)),
    drop: (x, y) => tryMove(booking, place(x, y)),
    end: () => grid.carry(null),
  });
}

export function focusOn(grid, id) {
  requestAnimationFrame(() => grid.scroller.current?.querySelector(`[data-id="${id}"]`)?.focus());
}

/**
 * `m` picks the focused booking up; arrows carry it; Enter puts it down, Escape back. Every step is said aloud.
 * `held` is null or { id, person, start }; `hold` changes it.
 */
export function keyMove(event, booking, { grid, held, hold, say }) {
  if (!held) {
    if (event.key.toLowerCase() !== 'm' || event.ctrlKey || event.metaKey) return;
    hold({ id: booking.id, person: booking.person, start: booking.start });
    const name = customerName(booking);
    say(_('Moving %(name)s. Arrow keys change time and person, Enter confirms, Escape cancels.', { name }));
    return;
  }
  const next = carried(event.key, held, booking, grid);
  if (next) {
    hold(next);
    say([hm(next.start), grid.people.find(p => p.id === next.person).name].join(', '));
  } else if (event.key === 'Enter' || event.key === ' ') {
    tryMove(store.view.value.booking[held.id], held).then(() => {
      hold(null); // it stays where it is carried until the move is on disk
      focusOn(grid, held.id);
    });
  } else if (event.key === 'Escape') {
    hold(null);
    say(_('Move cancelled.'));
  } else {
    return;
  }
  event.preventDefault();
  focusOn(grid, held.id);
}

function carried(key, held, booking, grid) {
  const step = store.slotMinutes();
  const index = grid.people.findIndex(p => p.id === held.person);
  const person = at => grid.people[Math.max(0, Math.min(grid.people.length - 1, at))].id;
  const moves = {
    ArrowUp: () => ({ ...held, start: snap(held.start - step, booking, grid) }),
    ArrowDown: () => ({ ...held, start: snap(held.start + step, booking, grid) }),
    ArrowLeft: () => ({ ...held, person: person(index - 1) }),
    ArrowRight: () => ({ ...held, person: person(index + 1) }),
  };
  return moves[key]?.();
}
