// The day board: a column per person, the hours at the side, the now-line.
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Column } from './column.jsx';
import { keepTouch } from './drag.js';
import { _, ngettext } from './i18n.js';
import { drawnHours, helpsOf, lateBy } from './layout.js';
import { dragBooking, dragEdge, keyMove, spotAt } from './moving.js';
import { canStretch, isAhead } from './reduce.js';
import * as store from './store.js';
import { hm } from './time.js';
import { customerName, Icon } from './ui.jsx';

// A quarter of an hour is 44 px for a finger and 27 px for a mouse (24 is the least allowed).
const PPM = matchMedia('(pointer: coarse)').matches ? 2.95 : 1.8;

export function Board() {
  const frame = store.frame.value,
    all = store.bookings.value;
  const { from, to } = useMemo(() => drawnHours(frame, all), [frame, all]);
  const people = useMemo(() => columnsOf(frame, all), [frame, all]);
  const scroller = useRef(),
    live = useRef();
  const [ghost, carry] = useState(null),
    [held, hold] = useState(null);
  const grid = { scroller, from, to, ppm: PPM, people, carry, say: text => (live.current.textContent = text) };
  const handlers = useHandlers({ grid, held, hold });
  useFirstLook(scroller, frame, all, from);
  useEffect(() => keepTouch(scroller.current), []);
  // Carried past another one it changes its place in the list and loses the focus: the next key must find it again.
  useLayoutEffect(() => {
    if (held) scroller.current.querySelector(`[data-id="${held.id}"]`)?.focus();
  }, [held]);

  const shown = held ? all.map(b => (b.id === held.id ? { ...b, ...held } : b)) : all;
  const drawn = [...shown, ...shown.flatMap(helpsOf)];
  const listOf = person => drawn.filter(b => b.person === person.id).sort((a, b) => a.start - b.start);
  const late = all.filter(b => lateBy(b, store.now.value)).map(b => b.id);
  const style = { '--cols': people.length, '--height': `${(to - from) * PPM}px`, '--ppm': PPM };
  return (
    <section class="scroller" ref={scroller} tabIndex={0} aria-label={_('Day board')}>
      <div class="board" style={style}>
        <div class="corner" />
        {people.map(person => (
          <PersonHead key={person.id} person={person} count={countOf(listOf(person))} />
        ))}
        <Hours from={from} to={to} />
        {people.map(person => (
          <Column
            key={person.id}
            {...{ person, frame, from, to, handlers }}
            ppm={PPM}
            list={listOf(person)}
            letters={store.letters.value}
            late={late.join()}
            lifted={ghost?.booking.person === person.id ? ghost.booking.id : null}
            moving={held?.person === person.id ? held.id : null}
          />
        ))}
        <NowLine day={frame.day} from={from} to={to} />
      </div>
      {people.length === 0 && <Nobody />}
      {ghost && <Ghost ghost={ghost} />}
      <p class="vh" role="status" ref={live} />
    </section>
  );
}

const countOf = list => list.filter(b => b.customer && b.status !== 'blocked').length;

/** The same functions on every draw, so that columns need not redraw for them; they see the latest state. */
function useHandlers(state) {
  const latest = useRef();
  latest.current = state;
  return useMemo(
    () => ({
      down: (event, booking) => isAhead(booking) && dragBooking(event, booking, latest.current.grid),
      edge: (event, booking) => {
        event.stopPropagation();
        dragEdge(event, booking, latest.current.grid);
      },
      key: (event, booking) => canStretch(booking) && keyMove(event, booking, latest.current),
      open: booking => {
        if (!latest.current.held) store.dialog.value = { kind: 'booking', id: booking.id };
      },
      empty: event => {
        if (event.target.closest('.ev')) return;
        const spot = spotAt(latest.current.grid, event.clientX, event.clientY);
        const step = store.slotMinutes();
        store.dialog.value = { kind: 'new', person: spot.person || null, start: Math.floor(spot.minute / step) * step };
      },
    }),
    [],
  );
}

/** A day opens with the present time, or with its first booking, in sight. */
function useFirstLook(scroller, frame, all, from) {
  useEffect(() => {
    const { day, minute } = store.now.value;
    const at = frame.day === day ? minute - 75 : Math.min(...all.map(b => b.start), frame.opens ?? 540) - 15;
    scroller.current.scrollTop = (at - from) * PPM;
  }, [frame.day]);
}

/** People on the roster, and columns for bookings of "anyone" or of somebody no longer on it. */
function columnsOf(frame, all) {
  const known = new Set(frame.people.map(p => p.id));
  const wanted = all.flatMap(b => [b.person, ...(b.helps ?? []).map(help => help.person)]);
  const others = [...new Set(wanted.filter(id => !known.has(id)))];
  const column = id => ({
    id,
    name: id === null ? _('Anyone') : _('Not on the roster'),
    title: '',
    initials: '?',
    shifts: [],
  });
  return [...frame.people, ...others.map(column)];
}

function PersonHead({ person, count }) {
  const bookings = ngettext('%(num)s booking', '%(num)s bookings', count);
  return (
    <div class="person">
      <span class="ava" aria-hidden="true">
        {person.initials}
      </span>
      <div>
        <b id={`person-${person.id}`}>{person.name}</b>
        <small>
          <span>{person.title}</span>
          <span aria-hidden="true">{count}</span>
          <span class="vh">{bookings}</span>
        </small>
      </div>
    </div>
  );
}

function Hours({ from, to }) {
  const hours = [];
  for (let minute = from + 60; minute < to; minute += 60) hours.push(minute);
  return (
    <div class="times" aria-hidden="true">
      {hours.map(minute => (
        <span key={minute} style={{ top: `${(minute - from) * PPM}px` }}>
          {hm(minute)}
        </span>
      ))}
    </div>
  );
}

function NowLine({ day, from, to }) {
  const { day: today, minute } = store.now.value;
  if (day !== today || minute < from || minute > to) return null;
  return <div class="now" style={{ top: `calc(var(--head) + ${(minute - from) * PPM}px)` }} />;
}

function Nobody() {
  return (
    <div class="empty">
      <Icon name="users" />
      <p>{_('Nobody is on the roster for this day.')}</p>
    </div>
  );
}

function Ghost({ ghost }) {
  const { booking, box, minutes, why, text } = ghost;
  const style = {
    left: `${box.left}px`,
    top: `${box.top}px`,
    width: `${box.width}px`,
    height: `${minutes * PPM - 2}px`,
  };
  return (
    <div class={`ev carried ${why ? 'clash' : booking.status}`} style={style} aria-hidden="true">
      <span class="l1">
        <span class="name">{customerName(booking)}</span>
      </span>
      <span class="l2">{text}</span>
    </div>
  );
}
