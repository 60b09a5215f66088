// Keeps the console's shell for a start without a connection. Answers of the API never enter the cache.
const CACHE = `shell-${__VERSION__}`;
const shellOf = path => path.match(/^\/b\/[^/]+\//)?.[0];

const within = (promise, ms) =>
  Promise.race([promise, new Promise((_, no) => setTimeout(() => no(new Error('timeout')), ms))]);

async function keep(home) {
  const cache = await caches.open(CACHE);
  await Promise.all(
    [home, `${home}config.json`, '/theme.css'].map(async path => {
      const answer = await fetch(path, { cache: 'no-store', credentials: 'same-origin' });
      if (answer.ok && !answer.redirected) await cache.put(path, answer);
    }),
  );
}

async function install() {
  const cache = await caches.open(CACHE);
  await cache.addAll(__FILES__.map(path => new Request(path, { cache: 'reload' })));
  const homes = new Set(); // the branches an older version already kept on this device
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) homes.add(shellOf(new URL(request.url).pathname));
  }
  homes.delete(undefined);
  await Promise.all([...homes].map(home => keep(home).catch(() => undefined)));
}

async function activate() {
  const old = (await caches.keys()).filter(name => name.startsWith('shell-') && name !== CACHE);
  await Promise.all(old.map(name => caches.delete(name)));
  await self.clients.claim();
}

/** The network while it answers well; else what is kept. `store` puts good answers into the cache. */
async function networkFirst(request, path, store) {
  const cache = await caches.open(CACHE);
  let answer;
  try {
    answer = await within(fetch(request), 2500);
  } catch {
    return (await cache.match(path)) ?? Response.error();
  }
  if (answer.status >= 500) return (await cache.match(path)) ?? answer;
  if (store && answer.ok && !answer.redirected) await cache.put(path, answer.clone());
  return answer;
}

self.addEventListener('install', event => event.waitUntil(install()));
self.addEventListener('activate', event => event.waitUntil(activate()));
self.addEventListener('message', event => {
  if (event.data === 'take over') self.skipWaiting();
  else if (event.data?.keep) event.waitUntil(keep(event.data.keep).catch(() => undefined));
});
self.addEventListener('fetch', event => {
  const { request } = event,
    url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  const home = shellOf(url.pathname);
  if (url.pathname.startsWith('/static/build/')) {
    event.respondWith(caches.match(request).then(kept => kept ?? fetch(request)));
  } else if (request.mode === 'navigate' && home) {
    event.respondWith(networkFirst(request, home, false));
  } else if (url.pathname === '/theme.css' || url.pathname === `${home}config.json`) {
    event.respondWith(networkFirst(request, url.pathname, true));
  }
});
