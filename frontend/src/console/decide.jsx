// Everything that waits for a person: clashes, work that the server refused, and requests.
import { Clash, spot } from './clash.jsx';
import { _, ngettext } from './i18n.js';
import { Requests } from './requests.jsx';
import * as store from './store.js';
import { dayName, hm } from './time.js';
import { Choice, Dialog, Icon } from './ui.jsx';

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
      <Requests />
      {clashes.length + refused.length + store.unanswered.value === 0 && (
        <div class="empty">
          <Icon name="circle-check" />
          <p>{_('Everything is decided.')}</p>
        </div>
      )}
    </Dialog>
  );
}
