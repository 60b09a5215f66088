// Sending and receiving. One POST does both; the same way online and offline, one tab at a time.
import { batch } from '@preact/signals';
import { call, Failed, SignedOut, Unreachable, uuid } from './api.js';
import { explain } from './clash.jsx';
import * as db from './db.js';
import { _, ngettext } from './i18n.js';
import { merge, replaceDay } from './reduce.js';
import * as store from './store.js';
import { addDays, daysBetween, local } from './time.js';
import { customerName } from './ui.jsx';

const POLL = 5000,
  REFRESH = 120_000,
  PLAN = 20_000,
  BATCH = 50;
const WAIT = { first: 2000, most: 30_000 };

let channel,
  timer,
  wait = WAIT.first,
  hours = 36,
  refreshed = { day: '', at: 0 },
  planned = 0,
  device;

export async function start() {
  hours = (await db.get('ttl_h')) ?? hours;
  device = await db.get('device');
  if (!device) await db.set('device', (device = uuid()));
  await store.reload(hours);

  if (typeof BroadcastChannel === 'function') {
    channel = new BroadcastChannel(`desk-${store.config.value.branch.slug}`);
    channel.onmessage = () => store.reload(hours);
  }
  store.onAct(() => {
    channel?.postMessage('ops');
    flush();
  });
  addEventListener('online', () => flush());
  addEventListener('offline', () => {
    store.net.value = { ...store.net.value, reached: false, failed: false };
  });
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && flush());
  await openDay(store.day.value);
}

/** Show a day: at once when the device has it, and always fetched anew. */
export async function openDay(day) {
  store.day.value = day;
  refreshed = { day: '', at: 0 };
  await flush();
}

let running = false,
  again = false;

/** Send what waits and fetch what changed. Never two at once in this tab, and by Web Locks in no other tab either. */
export async function flush() {
  if (running) {
    again = true;
    return;
  }
  running = true;
  clearTimeout(timer);
  try {
    do {
      again = false;
      await alone(exchange);
    } while (again);
    wait = WAIT.first;
    plan(POLL);
  } catch (error) {
    failed(error);
  } finally {
    running = false;
  }
}

const alone = work =>
  navigator.locks ? navigator.locks.request(`desk-${store.config.value.branch.slug}`, work) : work();

function plan(after) {
  clearTimeout(timer);
  timer = setTimeout(
    () => (document.visibilityState === 'visible' || store.ops.value.length ? flush() : plan(POLL)),
    after,
  );
}

function failed(error) {
  const signedOut = error instanceof SignedOut;
  if (!signedOut && !(error instanceof Unreachable)) console.error(error); // not the network's fault
  store.net.value = { ...store.net.value, reached: signedOut, signedOut, failed: error instanceof Failed };
  wait = Math.min(wait * 2, WAIT.most);
  plan(wait * (0.7 + Math.random() * 0.6));
}

async function exchange() {
  const day = store.day.value;
  if (refreshed.day !== day || Date.now() - refreshed.at > REFRESH) {
    await fetchDay(day);
    refreshed = { day, at: Date.now() };
  }
  const rows = (await db.allOps()).filter(row => row.state === 'waiting').slice(0, BATCH);
  const answer = await call(store.config.value.endpoints.sync, {
    device,
    day,
    cursor: store.base.value.cursors[day] ?? null,
    ops: rows.map(row => row.body),
  });
  clock(answer);
  if (answer.ttl_h && answer.ttl_h !== hours) await db.set('ttl_h', (hours = answer.ttl_h));
  const changed = await take(day, rows, answer);
  if (changed) channel?.postMessage('base');
  if (rows.length === BATCH) again = true;
  if (missing(rows, answer)) {
    refreshed.at = 0;
    again = true;
  }
  await keepTomorrow();
  await fetchPlan(changed);
}

/** Who waits how long is reckoned by the server alone; nothing else depends on it. */
async function fetchPlan(changed) {
  if (!changed && Date.now() - planned < PLAN) return;
  planned = Date.now();
  await call(store.config.value.endpoints.plan).then(
    plan => {
      store.plan.value = plan;
    },
    error => {
      if (error instanceof SignedOut) throw error;
    },
  );
}

/** Tomorrow goes onto the device while there is a connection; the branch's changes then keep it fresh. */
async function keepTomorrow() {
  const tomorrow = addDays(store.now.value.day, 1);
  if (!store.base.value.days[tomorrow]) await fetchDay(tomorrow);
}

/** Applied work of ours that is not among the changes would vanish from the screen: then the day is fetched anew. */
function missing(rows, answer) {
  const applied = new Set(answer.results.filter(r => r.status === 'applied').map(r => r.op_id));
  const seen = new Set(answer.changes.map(change => change.id));
  return rows.some(row => applied.has(row.body.op_id) && !seen.has(row.body.p.id));
}

async function take(day, rows, answer) {
  const results = new Map(answer.results.map(result => [result.op_id, result]));
  const status = row => results.get(row.body.op_id)?.status;
  const confirmed = rows.filter(row => ['applied', 'clash'].includes(status(row)));
  const refused = rows
    .filter(row => status(row) === 'rejected')
    .map(row => {
      const { code, detail } = results.get(row.body.op_id);
      return { ...row, state: 'refused', code, detail };
    });
  // Done, but for some days of a series: a person must know of those.
  for (const row of confirmed) {
    const { unplaced } = results.get(row.body.op_id);
    if (unplaced) refused.push({ ...row, state: 'refused', unplaced });
  }

  const base = store.base.value;
  const next = answer.changes.length ? merge(base, answer.changes) : { ...base };
  next.cursors = { ...base.cursors, [day]: answer.cursor };
  const kept = new Set(refused.map(row => row.n));
  await db.settle(
    next,
    confirmed.map(row => row.n).filter(n => !kept.has(n)),
    refused,
  );
  const gone = new Set([...confirmed, ...refused].map(row => row.n));
  batch(() => {
    store.base.value = next;
    if (gone.size) store.ops.value = store.ops.value.filter(row => !gone.has(row.n));
    if (refused.length) store.refused.value = [...store.refused.value, ...refused];
    store.asked.value = answer.requests;
    store.net.value = { reached: true, signedOut: false, failed: false, at: Date.now() };
    announce(
      refused,
      rows.filter(row => status(row) === 'clash').map(row => next.booking[results.get(row.body.op_id).id]),
    );
    called(rows, results);
  });
  if (rows.some(row => !gone.has(row.n))) throw new Failed('the server stopped in the middle of the batch');
  return answer.changes.length > 0 || gone.size > 0;
}

/** Why something is not as it was done: one reason in full, of several how many there are. */
function announce(refused, clashes) {
  const count = refused.length + clashes.length;
  if (!count) return;
  const [row] = refused,
    [clash] = clashes;
  const reason = row ? row.detail : clash && [customerName(clash), explain(clash)].join(': ');
  const many = ngettext('%(num)s booking needs your decision', '%(num)s bookings need your decision', count);
  store.toast.value = { text: (count === 1 && reason) || many, open: 'decide', label: _('Open') };
}

/** Whom the server called: perhaps somebody else than this device expected, or nobody. */
function called(rows, results) {
  for (const { body } of rows) {
    const { name, detail } = results.get(body.op_id) ?? {};
    if (body.type === 'queue.next') store.toast.value = { text: name ? _('Please call %(name)s', { name }) : detail };
  }
}

async function fetchDay(day) {
  const board = await call(`${store.config.value.endpoints.board}?day=${day}`);
  clock(board);
  const kept = [board.today, addDays(board.today, 1), day, store.day.value];
  const next = replaceDay(store.base.value, board, kept);
  await db.settle(next, [], []);
  store.base.value = next;
  channel?.postMessage('base');
}

/** The branch's clock is the server's: a tablet that is wrong by minutes must not move the now-line. */
function clock({ now_minute: minute, today }) {
  if (minute === null || minute === undefined) return;
  const here = local(Date.now() + store.skew.value, store.config.value.branch.tz);
  const off = daysBetween(here.day, today) * 1440 + minute - here.minute;
  if (Math.abs(off) <= 1) return;
  store.skew.value += off * 60_000;
  db.set('skew', store.skew.value); // an offline start has no server to ask
  if (store.day.value !== here.day || here.day === today) return;
  store.day.value = today; // "today" was the device's idea of it
  again = true;
}

/** Once in a while: move the now-line, and go along to the new day at midnight. */
export function beat() {
  const was = store.now.value.day;
  store.tick.value = Date.now();
  const today = store.now.value.day;
  if (today !== was && store.day.value === was) openDay(today);
}

export async function leave() {
  await db.forgetBase();
  store.base.value = store.EMPTY;
}
