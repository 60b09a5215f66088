// What a person must decide: work done at the desk that met something else on the server, and work the server refused.
import { _ } from './i18n.js';
import * as store from './store.js';
import { dayName, hm } from './time.js';
import { customerName, Dialog, Icon } from './ui.jsx';

const personOn = (day, id) =>
  (store.base.value.days[day] ?? store.frame.value)?.people.find(p => p.id === id)?.name ?? '';

function spot({ day, start, person }) {
  const date = day && day !== store.day.value ? `${dayName(day, store.config.value.locale)}, ` : '';
  const name = personOn(day, person);
  return name ? _('%(time)s with %(name)s', { time: date + hm(start), name }) : date + hm(start);
}

function explain(booking) {
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
  const phone = booking.customer?.phone;
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
        {phone && (
          <a class="btn" href={`tel:${phone}`}>
            <Icon name="phone" />
            {_('Call %(phone)s', { phone })}
          </a>
        )}
        <Choice icon="x" danger onClick={() => resolve('cancel')}>
          {_('Cancel this booking')}
        </Choice>
      </div>
    </section>
  );
}

function Choice({ icon, danger, onClick, children }) {
  return (
    <button type="button" class={danger ? 'btn danger' : 'btn'} onClick={onClick}>
      <Icon name={icon} />
      {children}
    </button>
  );
}

const WORK = {
  'booking.create': () => _('New booking'),
  'booking.move': () => _('Move'),
  'booking.status': () => _('Status'),
  'booking.cancel': () => _('Cancellation'),
  'booking.note': () => _('Note'),
  'walkin.add': () => _('Walk-in'),
  'walkin.seat': () => _('Seat now'),
  'walkin.left': () => _('Left'),
  'clash.resolve': () => _('Decision'),
};

function Refused({ row }) {
  const { type, p, at } = row.body,
    subject = store.view.value.booking[p.id] ?? store.view.value.walkin[p.id];
  const name = p.customer?.name ?? p.name ?? subject?.customer?.name ?? subject?.name ?? '';
  const again = () => {
    store.dialog.value = { kind: 'new', again: p, person: p.person, start: p.start };
    store.dismiss(row);
  };
  return (
    <section class="clash-card">
      <h3>
        <Icon name="alert-triangle" />
        {[WORK[type]?.() ?? type, name].filter(Boolean).join(': ')}
      </h3>
      <p>
        {_('The server could not apply this.')} {row.detail || row.code}
      </p>
      <p class="muted small">
        {_('Done at %(time)s', { time: hm(store.localMinute(at)) })}
        {p.start !== undefined && ` · ${spot({ day: p.day, start: p.start, person: p.person })}`}
      </p>
      <div class="choice">
        {type === 'booking.create' && (
          <button type="button" class="btn" onClick={again}>
            <Icon name="edit" />
            {_('Change it and try again')}
          </button>
        )}
        <button type="button" class="btn" onClick={() => store.dismiss(row)}>
          <Icon name="check" />
          {_('I have dealt with it')}
        </button>
      </div>
    </section>
  );
}

export function Decide() {
  const clashes = store.clashes.value,
    refused = store.refused.value;
  return (
    <Dialog title={_('Needs your decision')} icon="alert-triangle" drawer>
      {clashes.map(booking => (
        <Clash key={booking.id} booking={booking} />
      ))}
      {refused.map(row => (
        <Refused key={row.n} row={row} />
      ))}
      {clashes.length + refused.length === 0 && (
        <div class="empty">
          <Icon name="circle-check" />
          <p>{_('Everything is decided.')}</p>
        </div>
      )}
    </Dialog>
  );
}
