// The branch console: start-up, the frame of the screen, keyboard shortcuts.
import { render } from 'preact';
import { useState } from 'preact/hooks';
import { call, SignedOut } from './api.js';
import { Against, BlockTime, Whole } from './ask.jsx';
import { Board } from './board.jsx';
import { BookingDrawer } from './booking.jsx';
import * as db from './db.js';
import { Decide } from './decide.jsx';
import { _, useCatalogue } from './i18n.js';
import { NewBooking } from './new.jsx';
import { AddWalkin, Queue, Seat } from './queue.jsx';
import * as store from './store.js';
import { beat, start } from './sync.js';
import { applyTheme, BottomBar, keysOn, Menu, openNew, Strip, Top } from './top.jsx';
import { Icon, Toasts } from './ui.jsx';

const root = document.getElementById('app'),
  slug = root.dataset.branch,
  home = `/b/${slug}/`;

const DIALOGS = {
  booking: BookingDrawer,
  new: NewBooking,
  block: BlockTime,
  walkin: AddWalkin,
  seat: Seat,
  decide: Decide,
  whole: Whole,
  against: Against,
  menu: Menu,
};

function App() {
  if (store.phase.value === 'loading') return <Skeleton />;
  if (store.phase.value === 'signedout')
    return (
      <Message
        icon="key"
        title={_('You are signed out')}
        text={_('Sign in to see the board.')}
        link={`/sign-in?next=${encodeURIComponent(home)}`}
        label={_('Sign in')}
      />
    );
  if (store.phase.value === 'nocopy')
    return (
      <Message
        icon="cloud-off"
        title={_('This device has no copy of the board yet')}
        text={_('Connect once to load today’s board.')}
        link={home}
        label={_('Try again')}
      />
    );
  return <Desk />;
}

function Desk() {
  const [queueShown, showQueue] = useState(false),
    toggleQueue = () => showQueue(shown => !shown);
  const { value: open } = store.dialog,
    Open = open && DIALOGS[open.kind];
  return (
    <>
      <a class="skip" href="#board">
        {_('Skip to board')}
      </a>
      <Top queueShown={queueShown} toggleQueue={toggleQueue} />
      <div>
        <Strip />
      </div>
      <div class={queueShown ? 'desk show-queue' : 'desk'} id="board" tabIndex={-1}>
        {store.frame.value ? <Board /> : <NoDay />}
        <Queue />
      </div>
      <BottomBar queueShown={queueShown} toggleQueue={toggleQueue} />
      {Open && <Open key={`${open.kind}${open.id ?? ''}`} {...open} />}
      {!Open && <Toasts />}
    </>
  );
}

const Skeleton = () => (
  <div class="loading" role="status">
    <span class="vh">{_('Loading the board…')}</span>
    <div class="skeleton bar" />
    <div class="skeleton" />
  </div>
);

function NoDay() {
  if (store.net.value.reached !== false) return <Skeleton />;
  return (
    <div class="empty">
      <Icon name="cloud-off" />
      <p>{_('This device has no copy of this day.')}</p>
    </div>
  );
}

function Message({ icon, title, text, link, label }) {
  return (
    <div class="message">
      <Icon name={icon} />
      <h1>{title}</h1>
      <p>{text}</p>
      <a class="btn primary" href={link}>
        {label}
      </a>
    </div>
  );
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || !keysOn() || store.phase.value !== 'ready') return;
  if (store.dialog.value || event.target.closest?.('input, textarea, select')) return;
  if (event.key === 'n') openNew();
  else if (event.key === 'w') store.dialog.value = { kind: 'walkin' };
  else if (event.key === 'b') store.dialog.value = { kind: 'block' };
  else return;
  event.preventDefault();
}

async function boot() {
  await db.open(slug);
  try {
    store.config.value = await call('config.json');
  } catch (error) {
    store.phase.value = error instanceof SignedOut ? 'signedout' : 'nocopy';
    return;
  }
  const { locale, messages } = store.config.value;
  document.documentElement.lang = locale;
  useCatalogue(messages);
  store.skew.value = (await db.get('skew')) ?? 0;
  const [, day, id] = /^#(\d{4}-\d\d-\d\d)\/(.+)/.exec(location.hash) ?? []; // links lead to an appointment
  store.day.value = day ?? store.now.value.day;
  document.title = `${store.config.value.branch.name} · ${store.config.value.branch.tenant}`;
  const started = start();
  store.phase.value = 'ready';
  await started;
  if (id) store.dialog.value = { kind: 'booking', id };
  navigator.storage?.persist?.();
}

/** A new build takes over only when nothing is open and nothing waits to be sent. */
async function registerWorker() {
  if (!('serviceWorker' in navigator)) return;
  const registration = await navigator.serviceWorker.register('/sw.js', { scope: '/b/', updateViaCache: 'none' });
  const ready = await navigator.serviceWorker.ready;
  ready.active.postMessage({ keep: home });
  registration.addEventListener('updatefound', () => {
    const fresh = registration.installing;
    fresh.addEventListener('statechange', () => {
      if (fresh.state === 'installed' && !store.dialog.value && !store.ops.value.length) fresh.postMessage('take over');
    });
  });
}

applyTheme();
root.textContent = '';
render(<App />, root);
boot().catch(() => {
  store.phase.value = 'nocopy';
});
setInterval(beat, 15_000);
addEventListener('keydown', onKey);
addEventListener('beforeunload', event => store.ops.value.length && event.preventDefault());
registerWorker().catch(() => undefined); // without it (plain http in a shop's network) only offline starts are missing
