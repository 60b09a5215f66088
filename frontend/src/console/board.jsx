// The day board: a column per person, the now-line, and moving by mouse, finger or keyboard.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Column } from './column.jsx';
import { startDrag } from './drag.js';
import { _, ngettext } from './i18n.js';
import { drawnHours, taken, working } from './layout.js';
import { isAhead } from './reduce.js';
import * as store from './store.js';
import { hm } from './time.js';
import { customerName, Icon } from './ui.jsx';

// A quarter of an hour is 44 px for a finger and 27 px for a mouse (24 is the least allowed).
const PPM = matchMedia('(pointer: coarse)').matches ? 2.95 : 1.8;

/** Why the booking cannot stand there, as a sentence; null when it can. */
export function obstacle(booking, person, start) {
  const wanted = booking.busy.map(([offset, minutes]) => [start + offset, start + offset + minutes]);
  const hits = pairs => wanted.some(w => pairs.some(p => p[0] < w[1] && w[0] < p[1]));
  if (hits(taken(store.bookings.value, person.id, booking.id)))
    return _('%(name)s is busy at %(time)s.', { name: person.name, time: hm(start) });
  const shifts = working(store.frame.value, person);
  const inside = wanted.every(w => shifts.some(s => s[0] <= w[0] && w[1] <= s[1]));
  return inside ? null : _('%(name)s does not work at %(time)s.', { name: person.name, time: hm(start) });
}

function tryMove(booking, to) {
  const person = store.frame.value.people.find(p => p.id === to.person);
  const why =
    person && (to.person !== booking.person || to.start !== booking.start) ? obstacle(booking, person, to.start) : null;
  if (why) {
    store.toast.value = { text: `${why} ${_('Nothing was moved.')}` };
    return Promise.resolve();
  }
  const name = customerName(booking);
  return store.move(
    booking,
    { person: to.person, day: booking.day, start: to.start },
    _('%(name)s moved to %(time)s', { name, time: hm(to.start) }),
    _('%(name)s is back where it was', { name }),
  );
}

export function Board() {
  const frame = store.frame.value,
    all = store.bookings.value,
    today = store.now.value;
  const scroller = useRef(),
    live = useRef();
  const [ghost, setGhost] = useState(null),
    [keys, setKeys] = useState(null);
  const { from, to } = useMemo(() => drawnHours(frame, all), [frame, all]);
  const people = useMemo(() => withUnassigned(frame, all), [frame, all]);
  const isToday = frame.day === today.day;

  useEffect(() => {
    const at = isToday ? today.minute - 75 : Math.min(...all.map(b => b.start), frame.opens ?? 540) - 15;
    scroller.current.scrollTop = (at - from) * PPM;
  }, [frame.day]);

  const grid = { scroller, from, to, people, setGhost, ppm: PPM };
  const latest = useRef();
  latest.current = { grid, keys, setKeys, live, scroller };
  const handlers = useMemo(
    () => ({
      down: (event, booking) => isAhead(booking) && follow(event, booking, latest.current.grid),
      key: (event, booking) => onKey(event, booking, latest.current),
      open: booking => {
        if (!latest.current.keys) store.dialog.value = { kind: 'booking', id: booking.id };
      },
    }),
    [],
  );
  const onEmpty = useMemo(
    () => event => {
      if (event.target.closest('.ev')) return;
      const spot = spotAt(latest.current.grid, event.clientX, event.clientY);
      store.dialog.value = { kind: 'new', person: spot.person || null, start: Math.floor(spot.minute / 15) * 15 };
    },
    [],
  );

  const shown = keys ? all.map(b => (b.id === keys.id ? { ...b, person: keys.person, start: keys.start } : b)) : all;
  const hours = [];
  for (let minute = from; minute <= to; minute += 60) hours.push(minute);
  const style = { '--cols': people.length, '--height': `${(to - from) * PPM}px`, '--ppm': PPM };
  return (
    <section class="scroller" ref={scroller} tabIndex={0} aria-label={_('Day board')}>
      <div class="board" style={style}>
        <div class="corner" />
        {people.map(person => (
          <PersonHead key={person.id} person={person} count={shown.filter(b => b.person === person.id).length} />
        ))}
        <div class="times" aria-hidden="true">
          {hours.slice(1, -1).map(minute => (
            <span key={minute} style={{ top: `${(minute - from) * PPM}px` }}>
              {hm(minute)}
            </span>
          ))}
        </div>
        {people.map(person => (
          <Column
            key={person.id}
            person={person}
            frame={frame}
            from={from}
            to={to}
            ppm={PPM}
            onEmpty={onEmpty}
            handlers={handlers}
            list={shown.filter(b => b.person === person.id).sort((a, b) => a.start - b.start)}
            held={ghost?.booking.person === person.id ? ghost.booking.id : null}
            moving={keys?.person === person.id ? keys.id : null}
          />
        ))}
        {isToday && today.minute >= from && today.minute <= to && (
          <div class="now" style={{ top: `calc(var(--head) + ${(today.minute - from) * PPM}px)` }} />
        )}
      </div>
      {people.length === 0 && (
        <div class="empty">
          <Icon name="users" />
          <p>{_('Nobody is on the roster for this day.')}</p>
        </div>
      )}
      {ghost && <Ghost ghost={ghost} people={people} />}
      <p class="vh" role="status" ref={live} />
    </section>
  );
}

/** Bookings for "anyone" that the server has not given to a person yet stand in a column of their own. */
function withUnassigned(frame, all) {
  const known = new Set(frame.people.map(p => p.id));
  const others = [...new Set(all.filter(b => !known.has(b.person)).map(b => b.person))];
  return [
    ...frame.people,
    ...others.map(id => ({
      id,
      name: id === null ? _('Anyone') : _('Not on the roster'),
      title: '',
      initials: '?',
      shifts: [],
    })),
  ];
}

function PersonHead({ person, count }) {
  return (
    <div class="person">
      <span class="ava" aria-hidden="true">
        {person.initials}
      </span>
      <div>
        <b id={`person-${person.id}`}>{person.name}</b>
        <small>
          {[person.title, ngettext('%(num)s booking', '%(num)s bookings', count)].filter(Boolean).join(' · ')}
        </small>
      </div>
    </div>
  );
}

function Ghost({ ghost, people }) {
  const { booking, box, start, why } = ghost;
  const style = {
    left: `${box.left}px`,
    top: `${box.top}px`,
    width: `${box.width}px`,
    height: `${booking.minutes * PPM - 2}px`,
  };
  return (
    <div class={`ev carried ${why ? 'clash' : booking.status}`} style={style} aria-hidden="true">
      <span class="l1">
        <span class="name">{customerName(booking)}</span>
      </span>
      <span class="l2">
        <b>{hm(start)}</b> · {why ?? people.find(p => p.id === ghost.person)?.name}
      </span>
    </div>
  );
}

function spotAt({ scroller, from, ppm }, x, y) {
  const columns = [...scroller.current.querySelectorAll('.col')];
  const boxes = columns.map(column => column.getBoundingClientRect());
  let index = boxes.findIndex(box => x >= box.left && x < box.right);
  if (index < 0) index = x < boxes[0].left ? 0 : columns.length - 1;
  return { person: columns[index].dataset.person, minute: from + (y - boxes[index].top) / ppm, box: boxes[index] };
}

const snap = (minute, booking, { from, to }) => {
  const step = store.slotMinutes();
  return Math.max(from, Math.min(to - booking.minutes, Math.round(minute / step) * step));
};

function follow(event, booking, grid) {
  const grab = event.clientY - event.currentTarget.getBoundingClientRect().top;
  const place = (x, y) => {
    const spot = spotAt(grid, x, y - grab);
    const start = snap(spot.minute, booking, grid),
      person = grid.people.find(p => p.id === spot.person);
    const stays = spot.person === booking.person && start === booking.start;
    const box = { left: spot.box.left + 3, top: spot.box.top + (start - grid.from) * PPM, width: spot.box.width - 7 };
    return {
      booking,
      start,
      person: person?.id ?? booking.person,
      box,
      why: stays || !person ? null : obstacle(booking, person, start),
    };
  };
  startDrag(event, {
    scroller: grid.scroller.current,
    show: (x, y) => grid.setGhost(place(x, y)),
    drop: (x, y) => tryMove(booking, place(x, y)),
    end: () => grid.setGhost(null),
  });
}

const focusOn = (scroller, id) =>
  requestAnimationFrame(() => scroller.current?.querySelector(`[data-id="${id}"]`)?.focus());

/** `m` picks the focused booking up; arrows carry it; Enter puts it down, Escape back. Every step is announced. */
function onKey(event, booking, { grid, keys, setKeys, live, scroller }) {
  const say = text => {
    live.current.textContent = text;
  };
  if (!keys) {
    if (event.key.toLowerCase() !== 'm' || event.ctrlKey || event.metaKey || !isAhead(booking)) return;
    setKeys({ id: booking.id, person: booking.person, start: booking.start });
    say(
      _('Moving %(name)s. Arrow keys change time and person, Enter confirms, Escape cancels.', {
        name: customerName(booking),
      }),
    );
    return;
  }
  const step = store.slotMinutes(),
    index = grid.people.findIndex(p => p.id === keys.person);
  const person = next => grid.people[Math.max(0, Math.min(grid.people.length - 1, next))].id;
  const moves = {
    ArrowUp: () => ({ start: snap(keys.start - step, booking, grid) }),
    ArrowDown: () => ({ start: snap(keys.start + step, booking, grid) }),
    ArrowLeft: () => ({ person: person(index - 1) }),
    ArrowRight: () => ({ person: person(index + 1) }),
  };
  if (moves[event.key]) {
    const next = { ...keys, ...moves[event.key]() };
    setKeys(next);
    say(`${hm(next.start)}, ${grid.people.find(p => p.id === next.person).name}`);
  } else if (event.key === 'Enter' || event.key === ' ') {
    tryMove(store.view.value.booking[keys.id], keys).then(() => {
      // it stays where it is carried until the move is on disk
      setKeys(null);
      focusOn(scroller, keys.id);
    });
  } else if (event.key === 'Escape') {
    setKeys(null);
    say(_('Move cancelled.'));
  } else {
    return;
  }
  event.preventDefault();
  focusOn(scroller, keys.id);
}
