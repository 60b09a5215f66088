// One person's column. It redraws only when something of its own changed.
import { Component } from 'preact';
import { _ } from './i18n.js';
import { gaps, lanes, working } from './layout.js';
import { canStretch } from './reduce.js';
import { personName } from './store.js';
import { hm } from './time.js';
import { customerName, Icon, statusIcon, statusName } from './ui.jsx';

const same = (a, b) => a.length === b.length && a.every((item, index) => item === b[index]);

export class Column extends Component {
  shouldComponentUpdate(next) {
    return Object.keys(next).some(key =>
      key === 'list' ? !same(next.list, this.props.list) : next[key] !== this.props[key],
    );
  }

  render({ person, frame, list, letters, late, from, to, ppm, lifted, moving, handlers }) {
    const y = minute => `${(minute - from) * ppm}px`;
    const shut = person.id === null ? [] : gaps(working(frame, person), from, to);
    const places = lanes(list);
    const draw = item => {
      const place = places.get(item.id),
        wide = 100 / place.of,
        inset = place.within ? 16 : 0,
        height = Math.max(item.minutes * ppm - 2, 24);
      const style = {
        top: y(item.start),
        height: `${height}px`,
        left: `calc(${place.lane * wide}% + ${3 + inset}px)`,
        width: `calc(${wide}% - ${7 + inset}px)`,
      };
      const shown = { style, height, ppm, handlers, letter: letters.get((item.of ?? item).visit) };
      if (item.of) return <Help part={item} {...shown} />;
      const states = {
        lifted: lifted === item.id,
        moving: moving === item.id,
        late: late.includes(item.id),
      };
      return <Block booking={item} {...shown} {...states} />;
    };
    return (
      <div class="col" data-person={person.id ?? ''} onClick={handlers.empty}>
        {shut.map(([start, end]) => (
          <div class="shut" key={start} style={{ top: y(start), height: `${(end - start) * ppm}px` }} />
        ))}
        <ol aria-labelledby={`person-${person.id}`}>
          {list.map(item => (
            <li key={item.id}>{draw(item)}</li>
          ))}
        </ol>
      </div>
    );
  }
}

/** Whoever belongs to the same visit shows it while one of them is looked at. */
const kin = (event, visit, on) => {
  if (!visit) return;
  const board = event.currentTarget.closest('.board');
  for (const other of board.querySelectorAll('[data-visit]'))
    other.parentElement.classList.toggle('kin', on && other.dataset.visit === visit);
};

function Frame({ booking, name, style, handlers, children, ...more }) {
  return (
    <button
      type="button"
      class={name.filter(Boolean).join(' ')}
      style={style}
      data-visit={booking.visit}
      onContextMenu={event => event.preventDefault()}
      onClick={() => handlers.open(booking)}
      onPointerEnter={event => kin(event, booking.visit, true)}
      onPointerLeave={event => kin(event, booking.visit, false)}
      onFocus={event => kin(event, booking.visit, true)}
      onBlur={event => kin(event, booking.visit, false)}
      {...more}
    >
      {children}
    </button>
  );
}

function Block({ booking, style, height, letter, ppm, lifted, moving, late, handlers }) {
  const kind = booking.clash ? 'clash' : booking.status;
  const name = ['ev', kind, height < 40 && 'short', booking.pending && 'pending', late && 'late'];
  const state = late ? _('Late') : stateOf(booking);
  const icon = booking.clash ? 'alert-triangle' : late ? 'clock-exclamation' : statusIcon(booking.status);
  const marked = height < 60 && (booking.clash || late || ['done', 'requested', 'blocked'].includes(booking.status));
  return (
    <Frame
      {...{ booking, style, handlers }}
      name={[...name, lifted && 'lifted', moving && 'moving']}
      data-id={booking.id}
      onPointerDown={event => handlers.down(event, booking)}
      onKeyDown={event => handlers.key(event, booking)}
    >
      {gaps(
        booking.busy.map(([offset, length]) => [offset, offset + length]),
        0,
        booking.minutes,
      ).map(([start, end]) => (
        <span class="pause" key={start} style={{ top: `${start * ppm}px`, height: `${(end - start) * ppm}px` }} />
      ))}
      <span class="l1">
        {marked && <Icon name={icon} />}
        <span class="name">{customerName(booking)}</span>
        {booking.series && <Icon name="repeat" />}
        <Letter letter={letter} />
      </span>
      <span class="l2">
        <time>{hm(booking.start)}</time> {booking.service_name && '· '}
        {[booking.service_name, ...(booking.chosen ?? [])].filter(Boolean).join(', ')}
      </span>
      {height >= 60 && (
        <span class="l3">
          <Icon name={icon} />
          {state}
        </span>
      )}
      <span class="vh">{spoken(booking, height < 60 && state)}</span>
      {canStretch(booking) && <span class="grip" onPointerDown={event => handlers.edge(event, booking)} />}
    </Frame>
  );
}

/** What somebody does for another one's appointment: in their column, too. */
function Help({ part, style, height, letter, handlers }) {
  const booking = part.of;
  return (
    <Frame {...{ booking, style, handlers }} name={['ev help', booking.status, height < 40 && 'short']}>
      <span class="l1">
        <Icon name="users" />
        <span class="name">{customerName(booking)}</span>
        <Letter letter={letter} />
      </span>
      <span class="l2">
        <time>{hm(part.start)}</time> · {booking.service_name}
      </span>
      <span class="vh">
        {said([
          _('helps until %(time)s', { time: hm(part.start + part.minutes) }),
          booking.person && personName(booking.person),
        ])}
      </span>
    </Frame>
  );
}

const Letter = ({ letter }) =>
  letter && (
    <span class="letter">
      <span class="vh">{_('Visit')} </span>
      {letter}
    </span>
  );

/** What a screen reader adds to the text that is seen. */
function spoken(booking, state) {
  return said([
    _('until %(time)s', { time: hm(booking.start + booking.minutes) }),
    state,
    booking.series && _('repeats'),
    booking.pending && _('not sent yet'),
  ]);
}

const said = parts =>
  parts
    .filter(Boolean)
    .map(part => `, ${part}`)
    .join('');

const stateOf = booking => (booking.clash ? _('Needs a decision') : statusName(booking.status));
