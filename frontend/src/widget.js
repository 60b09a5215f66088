// Puts a chain's booking pages into somebody else's page: <script src="https://…/widget.js" data-branch="…" async>.
// No cookies, no style of its own: width and height are attributes, so a strict policy of the page has nothing to refuse.
(() => {
  const script = document.currentScript;
  const { branch, service, lang, height = '760', title = 'Book an appointment', target } = script.dataset;
  const origin = new URL(script.src).origin;
  const path = [lang, branch && 'book', branch, branch && service].filter(Boolean).map(encodeURIComponent).join('/');
  const frame = document.createElement('iframe');
  const size = pixels => frame.setAttribute('height', pixels);
  frame.src = `${origin}/embed/${path}`;
  frame.title = title;
  frame.setAttribute('width', '100%');
  frame.setAttribute('frameborder', '0');
  size(height);
  // The page in the frame says how tall it is; until it does, the first height holds and the frame scrolls.
  addEventListener('message', event => {
    if (event.source !== frame.contentWindow || event.origin !== origin || !(event.data?.shopbell > 0)) return;
    size(Math.ceil(event.data.shopbell));
    if (event.data.first && frame.getBoundingClientRect().top < 0) frame.scrollIntoView();
  });
  const place = target && document.querySelector(target);
  if (place) place.append(frame);
  else script.after(frame);
})();
