// Work done at the desk that met something else on the server: what is wrong, and what can be done about it.
import { _ } from './i18n.js';
import * as store from './store.js';
import { dayName, hm } from './time.js';
import { Choice, customerName, Icon, Phone } from './ui.jsx';

const personOn = (day, id) =>
  (store.base.value.days[day] ?? store.frame.value)?.people.find(p => p.id === id)?.name ?? '';

export function spot({ day, start, person }) {
  const date = day && day !== store.day.value ? `${dayName(day, store.config.value.locale)}, ` : '';
  const name = personOn(day, person);
  return name ? _('%(time)s with %(name)s', { time: date + hm(start), name }) : date + hm(start);
}

export function explain(booking) {
  const { why, with: other, mine } = booking.clash;
  const rival = store.view.value.booking[other];
  if (why === 'slot_taken' && mine) {
    return _('It could not be moved to %(spot)s: that time was taken meanwhile.', { spot: spot(mine) });
  }
  if (why === 'slot_taken' && rival) return _('%(name)s has this time too.', { name: customerName(rival) });
  if (why === 'slot_taken') return _('This time was taken meanwhile.');
  if (why === 'moved_elsewhere') return _('Someone else moved this booking meanwhile. Where should it be?');
  if (why === 'cancelled_by_customer') return _('The customer cancelled online, but the desk went on.');
  return _('This is outside the hours in which it can be done.');
}

/** Leaving it where it is means something else in each case. */
function keepText({ clash, ...booking }) {
  if (clash.mine) return _('Leave it at %(spot)s', { spot: spot(booking) });
  return clash.why === 'slot_taken' ? _('Keep both') : _('Keep the booking');
}

export function Clash({ booking }) {
  const { why, mine, suggest = [] } = booking.clash;
  const say = _('%(name)s: decided', { name: customerName(booking) });
  const resolve = (how, to = {}) => store.act('clash.resolve', { id: booking.id, how, ...to }, { say });
  const places = why === 'moved_elsewhere' && mine ? [mine, ...suggest] : suggest;
  return (
    <section class="clash-card">
      <h3>
        <Icon name="alert-triangle" />
        {hm(booking.start)} {customerName(booking)}
      </h3>
      <p>{explain(booking)}</p>
      <div class="choice">
        {places.map(({ person, day, start }) => (
          <Choice
            key={`${day}${start}${person}`}
            icon="calendar"
            onClick={() => resolve('move', { person, day, start })}
          >
            {spot({ person, day, start })}
          </Choice>
        ))}
        <Choice icon="check" onClick={() => resolve('keep')}>
          {keepText(booking)}
        </Choice>
        {!mine && why !== 'cancelled_by_customer' && (
          <Choice icon="walk" onClick={() => resolve('queue')}>
            {_('Put into the walk-in queue')}
          </Choice>
        )}
        <Phone of={booking} />
        <Choice icon="x" kind="danger" onClick={() => resolve('cancel')}>
          {_('Cancel this booking')}
        </Choice>
      </div>
    </section>
  );
}
