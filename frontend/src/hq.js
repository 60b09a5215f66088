// Headquarters pages work without this file; htmx swaps parts of them when it is there.
import htmx from 'htmx.org';

Object.assign(htmx.config, {
  allowEval: false, // the content security policy forbids it
  includeIndicatorStyles: false, // an inline <style>, forbidden too
  selfRequestsOnly: true,
  historyCacheSize: 0, // pages hold customers' names: nothing of them in localStorage
  responseHandling: [
    { code: '204', swap: false },
    { code: '[23]..', swap: true },
    { code: '422', swap: true }, // the form again, with its errors
    { code: '[45]..', swap: false, error: true },
  ],
});

const words = name => document.querySelector('meta[name="say-' + name + '"]')?.content;

function say(text) {
  const box = document.getElementById('say');
  if (!box) return;
  box.className = 'alert bad';
  box.textContent = text;
  box.hidden = false;
  box.scrollIntoView({ block: 'nearest' });
}

document.addEventListener('htmx:configRequest', event => {
  const token = document.querySelector('meta[name=csrf]')?.content;
  if (token) event.detail.headers['X-CSRF-Token'] = token;
});
document.addEventListener('htmx:beforeRequest', () => {
  const box = document.getElementById('say');
  if (box) box.hidden = true;
});
document.addEventListener('htmx:responseError', event => {
  if (event.detail.xhr.status === 401) location.reload();
  else say(words('refused') ?? 'The server could not do that. Nothing was changed.');
});
document.addEventListener('htmx:sendError', () => say(words('offline') ?? 'No connection. Your change was not saved.'));

// After an outerHTML swap the event's target is the removed node, so the new one is looked up in the page.
document.addEventListener('htmx:afterSettle', () => document.querySelector('[data-focus]')?.focus());

// data-mirror="#other": two inputs that show the same value (colour picker and its hex text).
document.addEventListener('input', event => {
  const other = event.target.dataset?.mirror && document.querySelector(event.target.dataset.mirror);
  if (!other || other.value === event.target.value) return;
  if (other.type === 'color' && !/^#[0-9a-f]{6}$/i.test(event.target.value)) return;
  other.value = event.target.value;
  htmx.trigger(other, 'input');
});
