// Talking to the server.
export class SignedOut extends Error {}
export class Unreachable extends Error {} // no answer of ours: network, timeout, a captive portal's page
export class Failed extends Error {} // the server answered, but not with what was asked for

const TIMEOUT = 8000;

/** JSON of a 2xx answer; raises one of the three above. */
export async function call(url, body) {
  const stop = new AbortController(),
    timer = setTimeout(() => stop.abort(), TIMEOUT);
  const options = { credentials: 'same-origin', headers: { accept: 'application/json' }, signal: stop.signal };
  if (body) {
    options.method = 'POST';
    options.headers['content-type'] = 'application/json';
    options.body = JSON.stringify(body);
  }
  try {
    const answer = await fetch(url, options);
    if (answer.status === 401 || (answer.redirected && new URL(answer.url).pathname.startsWith('/sign-in')))
      throw new SignedOut();
    const isJson = /json/.test(answer.headers.get('content-type') ?? '');
    if (answer.status >= 500 || (isJson && !answer.ok)) throw new Failed(`${answer.status}`);
    if (!isJson) throw new Unreachable('not our answer');
    return await answer.json();
  } catch (error) {
    throw error instanceof SignedOut || error instanceof Failed ? error : new Unreachable(String(error));
  } finally {
    clearTimeout(timer);
  }
}

export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // plain http in a shop's network has no randomUUID
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
