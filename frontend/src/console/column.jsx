// One person's column. It redraws only when something of its own changed.
import { Component } from 'preact';
import { _ } from './i18n.js';
import { gaps, lanes, working } from './layout.js';
import { customerName, Icon, statusIcon, statusName } from './ui.jsx';
import { hm } from './time.js';

const same = (a, b) => a.length === b.length && a.every((item, index) => item === b[index]);

export class Column extends Component {
  shouldComponentUpdate(next) {
    return Object.keys(next).some(key =>
      key === 'list' ? !same(next.list, this.props.list) : next[key] !== this.props[key],
    );
  }

  render({ person, frame, list, from, to, ppm, lifted, moving, handlers }) {
    const y = minute => `${(minute - from) * ppm}px`;
    const shut = person.id === null ? [] : gaps(working(frame, person), from, to);
    const places = lanes(list);
    return (
      <div class="col" data-person={person.id ?? ''} onClick={handlers.empty}>
        {shut.map(([start, end]) => (
          <div class="shut" key={start} style={{ top: y(start), height: `${(end - start) * ppm}px` }} />
        ))}
        <ol aria-labelledby={`person-${person.id}`}>
          {list.map(booking => (
            <li key={booking.id}>
              <Block
                booking={booking}
                place={places.get(booking.id)}
                top={y(booking.start)}
                ppm={ppm}
                lifted={lifted === booking.id}
                moving={moving === booking.id}
                handlers={handlers}
              />
            </li>
          ))}
        </ol>
      </div>
    );
  }
}

function Block({ booking, place, top, ppm, lifted, moving, handlers }) {
  const height = Math.max(booking.minutes * ppm - 2, 24),
    wide = 100 / place.of;
  const kind = booking.clash ? 'clash' : booking.status;
  const classes = [
    'ev',
    kind,
    height < 40 && 'short',
    booking.pending && 'pending',
    lifted && 'lifted',
    moving && 'moving',
  ];
  const style = {
    top,
    height: `${height}px`,
    left: `calc(${place.lane * wide}% + 3px)`,
    width: `calc(${wide}% - 7px)`,
  };
  return (
    <button
      type="button"
      data-id={booking.id}
      class={classes.filter(Boolean).join(' ')}
      style={style}
      onPointerDown={event => handlers.down(event, booking)}
      onKeyDown={event => handlers.key(event, booking)}
      onContextMenu={event => event.preventDefault()}
      onClick={() => handlers.open(booking)}
    >
      {gaps(
        booking.busy.map(([offset, length]) => [offset, offset + length]),
        0,
        booking.minutes,
      ).map(([start, end]) => (
        <span class="pause" key={start} style={{ top: `${start * ppm}px`, height: `${(end - start) * ppm}px` }} />
      ))}
      <span class="l1">
        {booking.clash ? <Icon name="alert-triangle" /> : booking.status === 'done' && <Icon name="check" />}
        <span class="name">{customerName(booking)}</span>
      </span>
      <span class="l2">
        <time>{hm(booking.start)}</time> · {booking.service_name}
      </span>
      {height >= 60 && (
        <span class="l3">
          <Icon name={booking.clash ? 'alert-triangle' : statusIcon(booking.status)} />
          {stateOf(booking)}
        </span>
      )}
      <span class="vh">{spoken(booking, height < 60)}</span>
    </button>
  );
}

/** What a screen reader adds to the text that is seen. */
function spoken(booking, withState) {
  const end = hm(booking.start + booking.minutes);
  const parts = [
    _('until %(time)s', { time: end }),
    withState && stateOf(booking),
    booking.pending && _('not sent yet'),
  ];
  return parts
    .filter(Boolean)
    .map(part => `, ${part}`)
    .join('');
}

const stateOf = booking => (booking.clash ? _('Needs a decision') : statusName(booking.status));
