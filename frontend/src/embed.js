// The one script of framed pages: it says how tall the page is, so that the frame around it need not scroll.
let first = true;
new ResizeObserver(() => {
  parent.postMessage({ shopbell: document.body.offsetHeight, first }, '*');
  first = false;
}).observe(document.body);
