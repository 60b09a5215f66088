// The device's own copy in IndexedDB: `kv` holds the confirmed base and small settings, `ops` the unsent operations.
// Base and operation bodies are each one value, so they can be sealed as a whole.
import { openDB } from 'idb';

let opened;

export function open(branch) {
  opened ??= openDB(`desk-${branch}`, 1, {
    upgrade(db) {
      db.createObjectStore('kv');
      db.createObjectStore('ops', { keyPath: 'n', autoIncrement: true });
    },
    blocking: () => opened.then(db => db.close()),
  });
  return opened;
}

export const get = async key => (await opened).get('kv', key);
export const set = async (key, value) => (await opened).put('kv', value, key);

/** Durable before it is shown: resolves when the operation is on disk. Returns its row. */
export async function addOp(op) {
  const row = { at: op.at, state: 'waiting', body: op };
  row.n = await (await opened).add('ops', row);
  return row;
}

export const allOps = async () => (await opened).getAll('ops');

export async function removeOps(numbers) {
  const tx = (await opened).transaction('ops', 'readwrite');
  await Promise.all([...numbers.map(n => tx.store.delete(n)), tx.done]);
}

/** One transaction: the base that contains them, the operations now confirmed, and those the server refused. */
export async function settle(base, confirmed, refused) {
  const tx = (await opened).transaction(['kv', 'ops'], 'readwrite');
  const kv = tx.objectStore('kv'),
    ops = tx.objectStore('ops');
  await Promise.all([
    kv.put(base, 'base'),
    kv.put(Date.now(), 'base_at'),
    ...confirmed.map(n => ops.delete(n)),
    ...refused.map(row => ops.put(row)),
    tx.done,
  ]);
}

/** The base with the time of its last sync. A base older than `hours` is deleted; unsent operations never are. */
export async function loadBase(hours) {
  const [base, at] = await Promise.all([get('base'), get('base_at')]);
  if (!base || Date.now() - at <= hours * 3_600_000) return { base, at };
  await forgetBase();
  return { base: undefined, at: undefined };
}

export async function forgetBase() {
  const tx = (await opened).transaction('kv', 'readwrite');
  await Promise.all([tx.store.delete('base'), tx.store.delete('base_at'), tx.done]);
}
