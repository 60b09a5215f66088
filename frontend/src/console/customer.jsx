// The customer behind an appointment, as far as there is a connection: tier, what is owed, earlier visits.
import { useEffect, useState } from 'preact/hooks';
import { call } from './api.js';
import { _ } from './i18n.js';
import * as store from './store.js';
import { dayName } from './time.js';
import { Badge, Icon } from './ui.jsx';

/** None of this is kept on the device. */
export function CustomerCard({ id, booking }) {
  const [customer, setCustomer] = useState(undefined);
  useEffect(() => {
    call(`${store.config.value.endpoints.customers}/${id}`).then(setCustomer, () => setCustomer(null));
  }, [id]);
  if (customer === undefined) return <div class="skeleton" aria-hidden="true" />;
  if (customer === null) return <p class="muted small">{_('Earlier visits show when there is a connection.')}</p>;
  const visits = customer.visits.filter(visit => visit.booking !== booking.id && visit.day <= booking.day);
  return (
    <>
      {customer.tier && (
        <p class="row">
          <span class="badge ok">
            <Icon name="star" />
            {customer.tier}
          </span>
        </p>
      )}
      {customer.charges?.map(charge => (
        <Charge key={charge.id} charge={charge} />
      ))}
      <Visits customer={customer} visits={visits} />
    </>
  );
}

const KINDS = {
  deposit: () => _('Deposit'),
  late_cancel: () => _('Late cancellation'),
  no_show: () => _('No-show'),
};

/** What is owed: taken at the desk, or not asked for with a reason. */
function Charge({ charge }) {
  const [done, setDone] = useState(false),
    [why, setWhy] = useState('');
  const settle = (state, reason) => {
    const say = `${KINDS[charge.kind]()}: ${charge.amount}`;
    store.act('charge.settle', { id: charge.id, state, reason }, { say });
    setDone(true);
  };
  if (done) return null;
  return (
    <section class="charge">
      <p class="row">
        <b class="grow">{KINDS[charge.kind]()}</b>
        <b>{charge.amount}</b>
      </p>
      <p class="muted small">
        {[charge.day && dayName(charge.day, store.config.value.locale), charge.service].filter(Boolean).join(' · ')}
      </p>
      <div class="row wrap">
        <button type="button" class="btn" onClick={() => settle('paid', '')}>
          <Icon name="check" />
          {_('Paid')}
        </button>
        {store.may('booking.charges') && (
          <input
            class="input grow"
            aria-label={_('Reason not to ask for it')}
            placeholder={_('Reason not to ask for it')}
            maxLength={200}
            value={why}
            onInput={event => setWhy(event.currentTarget.value)}
          />
        )}
        {why.trim() && (
          <button type="button" class="btn ghost" onClick={() => settle('waived', why.trim())}>
            {_('Waive')}
          </button>
        )}
      </div>
    </section>
  );
}

const Visits = ({ customer, visits }) => (
  <section class="stack">
    <h3>{_('Earlier visits')}</h3>
    {customer.notes && <p class="alert info">{customer.notes}</p>}
    {visits.length === 0 && <p class="muted">{_('This is the first visit.')}</p>}
    <ul class="visits">
      {visits.slice(0, 5).map(visit => (
        <li key={visit.booking}>
          <time dateTime={visit.day}>
            {dayName(visit.day, store.config.value.locale, { day: 'numeric', month: 'short', year: 'numeric' })}
          </time>
          <span class="grow">
            {visit.service}
            <span class="muted"> · {visit.person}</span>
          </span>
          <Badge status={visit.status} />
        </li>
      ))}
    </ul>
  </section>
);
