// Top bar: where, which day, is everything saved, and the one main button.
import { useEffect, useState } from 'preact/hooks';
import { call } from './api.js';
import { _, ngettext } from './i18n.js';
import * as store from './store.js';
import { flush, leave, openDay } from './sync.js';
import { addDays, dayName, hm, local } from './time.js';
import { Dialog, Icon } from './ui.jsx';

const open = dialog => () => {
  store.dialog.value = dialog;
};
export const openNew = open({ kind: 'new' });

export function Top({ queueShown, toggleQueue }) {
  const { branch } = store.config.value;
  const decisions = store.clashes.value.length + store.refused.value.length,
    requests = store.unanswered.value;
  return (
    <header class="top">
      <span class="logo" aria-hidden="true">
        {branch.tenant.slice(0, 1)}
      </span>
      <p class="where">
        <b>{branch.name}</b>
        <span>{branch.tenant}</span>
      </p>
      <DayChooser />
      <span class="grow" />
      {decisions > 0 && (
        <button type="button" class="pill bad" onClick={open({ kind: 'decide' })}>
          <Icon name="alert-triangle" />
          {ngettext('%(num)s to decide', '%(num)s to decide', decisions)}
        </button>
      )}
      {requests > 0 && (
        <button type="button" class="pill ask" onClick={open({ kind: 'decide' })}>
          <Icon name="message" />
          {ngettext('%(num)s to approve', '%(num)s to approve', requests)}
        </button>
      )}
      <Bell />
      <SavedPill />
      <QueueToggle shown={queueShown} toggle={toggleQueue} />
      <button type="button" class="btn ghost icon" onClick={open({ kind: 'menu' })}>
        <span class="vh">{_('Menu')}</span>
        <Icon name="dots" />
      </button>
      <button type="button" class="btn primary wide-only" onClick={openNew}>
        <Icon name="plus" />
        {_('New booking')}
      </button>
    </header>
  );
}

// What staff have to know waits behind the bell; a board stays open all day, so it asks again each minute.
function Bell() {
  const { endpoints } = store.config.value,
    [unread, setUnread] = useState(store.config.value.unread);
  useEffect(() => {
    // Without a network the number stays as it was.
    const ask = () => document.hidden || call(endpoints.unread).then(told => setUnread(told.unread), Boolean);
    const timer = setInterval(ask, 60_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <a class="btn ghost" href={endpoints.alerts}>
      <Icon name="bell" />
      {unread > 0 && <b aria-hidden="true">{unread}</b>}
      <span class="vh">{ngettext('%(num)s unread alert', '%(num)s unread alerts', unread)}</span>
    </a>
  );
}

function DayChooser() {
  const { locale } = store.config.value,
    shown = store.day.value,
    today = store.now.value.day;
  return (
    <div class="day">
      <button type="button" class="btn ghost icon" onClick={() => openDay(addDays(shown, -1))}>
        <span class="vh">{_('Previous day')}</span>
        <Icon name="chevron-left" />
      </button>
      <h1>
        <time dateTime={shown}>{dayName(shown, locale)}</time>
      </h1>
      <button type="button" class="btn ghost icon" onClick={() => openDay(addDays(shown, 1))}>
        <span class="vh">{_('Next day')}</span>
        <Icon name="chevron-right" />
      </button>
      {shown !== today && (
        <button type="button" class="btn today" onClick={() => openDay(today)}>
          {_('Today')}
        </button>
      )}
    </div>
  );
}

function SavedPill() {
  const { reached, signedOut, failed } = store.net.value,
    waiting = store.ops.value.length;
  const count = waiting > 0 && [' · ', ngettext('%(num)s waiting to be sent', '%(num)s waiting to be sent', waiting)];
  if (signedOut)
    return (
      <a class="pill bad" href={store.config.value.endpoints.signin}>
        <Icon name="key" />
        {_('Sign in again')}
        {count}
      </a>
    );
  if (reached === false) {
    return (
      <button type="button" class="pill off" onClick={() => flush()}>
        <Icon name="cloud-off" />
        {failed ? _('Not saved yet') : _('Offline')}
        {count}
      </button>
    );
  }
  if (waiting)
    return (
      <span class="pill" role="status">
        <Icon name="cloud-upload" />
        {_('Saving…')}
      </span>
    );
  return (
    <span class="pill saved">
      <Icon name="cloud-check" />
      {reached ? _('Saved') : _('Connecting…')}
    </span>
  );
}

function QueueToggle({ shown, toggle }) {
  const waiting = store.queue.value.length;
  return (
    <button type="button" class="btn queue-toggle" aria-pressed={shown} onClick={toggle}>
      <Icon name={shown ? 'calendar' : 'walk'} />
      {shown ? _('Board') : ngettext('%(num)s waiting', '%(num)s waiting', waiting)}
    </button>
  );
}

export function BottomBar(props) {
  return (
    <nav class="bottom" aria-label={_('Actions')}>
      <QueueToggle shown={props.queueShown} toggle={props.toggleQueue} />
      <button type="button" class="btn primary" onClick={openNew}>
        <Icon name="plus" />
        {_('New booking')}
      </button>
    </nav>
  );
}

/** What a person must know now: no connection, signed out, closed today. */
export function Strip() {
  const { reached, failed, at } = store.net.value,
    { tz } = store.config.value.branch;
  const asOf = at ? _('Board as of %(time)s.', { time: hm(local(at + store.skew.value, tz).minute) }) : '';
  if (reached === false && failed) {
    return (
      <p class="strip off" role="status">
        <Icon name="alert-triangle" />
        <span>
          {_('The server has a problem. Your work is kept on this device and sent again by itself.')} {asOf}
        </span>
      </p>
    );
  }
  if (reached === false) {
    return (
      <p class="strip off" role="status">
        <Icon name="wifi-off" />
        <span>
          {_(
            'No connection. You can keep working: bookings, walk-ins and notes are kept on this device and sent later.',
          )}{' '}
          {asOf}
        </span>
      </p>
    );
  }
  if (store.frame.value?.opens === null)
    return (
      <p class="strip">
        <Icon name="info-circle" />
        <span>{_('Closed on this day.')}</span>
      </p>
    );
  return null;
}

const THEMES = { '': () => _('As the system'), light: () => _('Light'), dark: () => _('Dark') };

export const keysOn = () => localStorage.getItem('desk-keys') !== 'off';

export function applyTheme(theme = localStorage.getItem('desk-theme') ?? '') {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  localStorage.setItem('desk-theme', theme);
}

export function Menu() {
  const { user, endpoints, links = [] } = store.config.value,
    [, redraw] = useState(0),
    waiting = store.ops.value.length;
  const current = localStorage.getItem('desk-theme') ?? '';
  const signOut = async event => {
    event.preventDefault();
    const form = event.currentTarget;
    await leave();
    form.submit();
  };
  return (
    <Dialog title={user.name} icon="user" drawer>
      <div class="field">
        <span class="label">{_('Colours')}</span>
        <div class="seg" role="group" aria-label={_('Colours')}>
          {Object.entries(THEMES).map(([key, name]) => (
            <button
              type="button"
              key={key}
              aria-pressed={current === key}
              onClick={() => {
                applyTheme(key);
                redraw(n => n + 1);
              }}
            >
              {name()}
            </button>
          ))}
        </div>
      </div>
      <label class="check">
        <input
          type="checkbox"
          checked={keysOn()}
          onChange={event => localStorage.setItem('desk-keys', event.currentTarget.checked ? 'on' : 'off')}
        />
        <span>{_('Keyboard shortcuts: n new booking, w walk-in, b blocked time')}</span>
      </label>
      <p class="muted small">
        {_(
          'To move a booking with the keyboard: focus it, press m, then use the arrow keys and Enter. With e its end moves.',
        )}
      </p>
      <ul class="links">
        {links.map(({ icon, text, href }) => (
          <li key={href}>
            <a href={href}>
              <Icon name={icon} />
              {text}
            </a>
          </li>
        ))}
      </ul>
      <form method="post" action={endpoints.signout} onSubmit={signOut} class="stack">
        {waiting > 0 && (
          <p class="alert warn">
            {ngettext(
              '%(num)s change is not sent yet. It stays on this device.',
              '%(num)s changes are not sent yet. They stay on this device.',
              waiting,
            )}
          </p>
        )}
        <button class="btn">
          <Icon name="logout" />
          {_('Sign out')}
        </button>
      </form>
    </Dialog>
  );
}
