// What a person must decide: work done at the desk that met something else on the server, and work the server refused.
import { _, ngettext } from './i18n.js';
import * as store from './store.js';
import { dayName, hm } from './time.js';
import { Choice, customerName, Dialog, Icon } from './ui.jsx';

const personOn = (day, id) =>
  (store.base.value.days[day] ?? store.frame.value)?.people.find(p => p.id === id)?.name ?? '';

function spot({ day, start, person }) {
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
        <Choice icon="x" kind="danger" onClick={() => resolve('cancel')}>
          {_('Cancel this booking')}
        </Choice>
      </div>
    </section>
  );
}

const WORK = {
  'booking.create': () => _('New booking'),
  'booking.move': () => _('Move'),
  'booking.extend': () => _('Longer or shorter'),
  'booking.approve': () => _('Approval'),
  'booking.block': () => _('Blocked time'),
  'booking.unblock': () => _('Blocked time'),
  'booking.status': () => _('Status'),
  'booking.cancel': () => _('Cancellation'),
  'booking.note': () => _('Note'),
  'walkin.add': () => _('Walk-in'),
  'walkin.seat': () => _('Seat now'),
  'walkin.left': () => _('Left'),
  'walkin.call': () => _('Call'),
  'walkin.back': () => _('Call'),
  'queue.next': () => _('Call'),
  'charge.settle': () => _('Payment'),
  'clash.resolve': () => _('Decision'),
};

/** What the server would not do. Against its rules it can still be done by those who may. */
const AGAINST = ['slot_taken', 'outside_hours', 'not_for_you', 'nobody_can', 'branch_closed'];

function Refused({ row }) {
  const { type, p, at } = row.body,
    subject = store.view.value.booking[p.id] ?? store.view.value.walkin[p.id];
  const name = p.customer?.name ?? p.name ?? subject?.customer?.name ?? subject?.name ?? '';
  const again = () => {
    store.dialog.value = { kind: 'new', again: p, person: p.person, start: p.start };
    store.dismiss(row);
  };
  const anyway = override => {
    store.act(type, { ...p, override });
    store.dismiss(row);
  };
  const against = ['booking.create', 'booking.move', 'booking.extend'].includes(type) && AGAINST.includes(row.code);
  return (
    <section class="clash-card">
      <h3>
        <Icon name="alert-triangle" />
        {[WORK[type]?.() ?? type, name].filter(Boolean).join(': ')}
      </h3>
      {row.unplaced ? (
        <Unplaced days={row.unplaced} />
      ) : (
        <p>{[_('The server could not apply this.'), row.detail || row.code].join(' ')}</p>
      )}
      <p class="muted small">
        {_('Done at %(time)s', { time: hm(store.localMinute(at)) })}
        {p.start !== undefined && ` · ${spot({ day: p.day, start: p.start, person: p.person })}`}
      </p>
      <div class="choice">
        {type === 'booking.create' && !row.unplaced && !p.guests && (
          <Choice icon="edit" onClick={again}>
            {_('Change it and try again')}
          </Choice>
        )}
        {against && store.mayOverride() && (
          <Choice
            icon="alert-triangle"
            onClick={() => {
              store.dialog.value = { kind: 'against', why: row.detail, label: _('Book anyway'), anyway };
            }}
          >
            {_('Book anyway…')}
          </Choice>
        )}
        <Choice icon="check" onClick={() => store.dismiss(row)}>
          {_('I have dealt with it')}
        </Choice>
      </div>
    </section>
  );
}

/** The days of a series that found no place, each with the reason. */
const Unplaced = ({ days }) => (
  <>
    <p>{ngettext('%(num)s day found no place:', '%(num)s days found no place:', days.length)}</p>
    <ul class="unplaced">
      {days.map(({ day, detail }) => (
        <li key={day}>
          <b>{dayName(day, store.config.value.locale)}</b> {detail}
        </li>
      ))}
    </ul>
  </>
);

const show = ({ id }) => {
  store.dialog.value = { kind: 'booking', id };
};

export function Decide() {
  const clashes = store.clashes.value,
    refused = store.refused.value,
    requests = store.requests.value;
  return (
    <Dialog title={_('Needs your decision')} icon="alert-triangle" drawer>
      {clashes.map(booking => (
        <Clash key={booking.id} booking={booking} />
      ))}
      {refused.map(row => (
        <Refused key={row.n} row={row} />
      ))}
      {requests.length > 0 && <h3>{_('Asked for online')}</h3>}
      <div class="choice">
        {requests.map(booking => (
          <Choice key={booking.id} icon="message" onClick={() => show(booking)}>
            {[spot(booking), customerName(booking), booking.service_name].join(' · ')}
          </Choice>
        ))}
      </div>
      {clashes.length + refused.length + requests.length === 0 && (
        <div class="empty">
          <Icon name="circle-check" />
          <p>{_('Everything is decided.')}</p>
        </div>
      )}
    </Dialog>
  );
}
