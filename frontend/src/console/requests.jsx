// What customers asked for and nobody has answered yet, on whatever day: the longest unanswered first.
import { useEffect, useState } from 'preact/hooks';
import { call } from './api.js';
import { _, ngettext } from './i18n.js';
import * as store from './store.js';
import { openDay } from './sync.js';
import { dayName, hm, local } from './time.js';
import { Icon } from './ui.jsx';

/** The server has the list; without a connection what is on this device is all there is. */
export function Requests() {
  const [page, turn] = useState(1),
    [list, setList] = useState(undefined);
  const { asked } = store,
    { reached } = store.net.value;
  useEffect(() => {
    call(`${store.config.value.endpoints.requests}?page=${page}`).then(setList, () => setList(null));
  }, [page, asked.value, reached]);
  if (list === undefined) return <div class="skeleton" aria-hidden="true" />;
  const items = (list?.items ?? store.requests.value.map(asItem)).filter(isOpen);
  if (items.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="asked-for">
      <h3 id="asked-for">
        {_('Asked for online')} · {list ? store.unanswered.value : items.length}
      </h3>
      {!list && <p class="muted small">{_('Without a connection only the days on this device are shown.')}</p>}
      <ul class="requests">
        {items.map(item => (
          <Request key={item.id} item={item} />
        ))}
      </ul>
      {list?.pages > 1 && <Pages list={list} turn={turn} />}
    </section>
  );
}

const asItem = ({ id, day, start, service_name: service, person, customer, guest, note }) => ({
  id,
  day,
  start,
  service,
  person: store.personName(person),
  customer: guest || customer?.name,
  note,
  appointments: 1,
});

const isOpen = ({ id }) =>
  !store.answered.value.has(id) && (store.view.value.booking[id]?.status ?? 'requested') === 'requested';

function Request({ item }) {
  const { id, day, customer: name, appointments } = item;
  const { locale } = store.config.value;
  const show = async () => {
    await openDay(day);
    store.dialog.value = { kind: 'booking', id };
  };
  const what = [item.service, item.person].filter(Boolean);
  if (appointments > 1) what.push(ngettext('%(num)s appointment', '%(num)s appointments', appointments));
  return (
    <li class="clash-card">
      <h4>
        <time dateTime={day}>
          {dayName(day, locale)} {hm(item.start)}
        </time>{' '}
        {name}
      </h4>
      <p>{what.join(' · ')}</p>
      {item.note && <p class="muted">{item.note}</p>}
      {item.asked && <Since item={item} />}
      <Answer id={id} name={name}>
        <button type="button" class="btn ghost" onClick={show}>
          {_('Show')}
          <span class="vh"> {name}</span>
        </button>
      </Answer>
    </li>
  );
}

/** Yes or no; either answers the whole visit. */
export function Answer({ id, name, children }) {
  const answer = (type, more, say) => () => store.act(type, { id, ...more }, { say });
  return (
    <div class="row wrap">
      <button
        type="button"
        class="btn primary grow"
        onClick={answer('booking.approve', {}, _('%(name)s: approved', { name }))}
      >
        <Icon name="check" />
        {_('Approve')}
        <span class="vh"> {name}</span>
      </button>
      <button
        type="button"
        class="btn danger"
        onClick={answer('booking.cancel', { reason: 'declined' }, _('%(name)s: declined', { name }))}
      >
        <Icon name="x" />
        {_('Decline')}
        <span class="vh"> {name}</span>
      </button>
      {children}
    </div>
  );
}

function Since({ item }) {
  const { branch, locale } = store.config.value;
  const until = local(item.answer_by, branch.tz);
  const when = `${until.day === store.now.value.day ? '' : `${dayName(until.day, locale)}, `}${hm(until.minute)}`;
  return (
    <p class="muted small">
      {ago(item.asked)} · {_('Answer until %(when)s: after that it is declined by itself.', { when })}
    </p>
  );
}

function ago(instant) {
  const minutes = Math.max(0, Math.floor((store.tick.value + store.skew.value - instant) / 60_000));
  if (minutes < 60) return ngettext('Asked %(num)s minute ago', 'Asked %(num)s minutes ago', minutes);
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return ngettext('Asked %(num)s hour ago', 'Asked %(num)s hours ago', hours);
  const days = Math.floor(hours / 24);
  return ngettext('Asked %(num)s day ago', 'Asked %(num)s days ago', days);
}

const Pages = ({ list: { page, pages }, turn }) => (
  <nav class="row" aria-label={_('Pages')}>
    <button type="button" class="btn icon" disabled={page === 1} onClick={() => turn(page - 1)}>
      <span class="vh">{_('Previous page')}</span>
      <Icon name="chevron-left" />
    </button>
    <span class="grow">{_('Page %(number)s of %(last)s', { number: page, last: pages })}</span>
    <button type="button" class="btn icon" disabled={page === pages} onClick={() => turn(page + 1)}>
      <span class="vh">{_('Next page')}</span>
      <Icon name="chevron-right" />
    </button>
  </nav>
);
