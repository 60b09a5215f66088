// Dragging with mouse, finger or pen by Pointer Events. Touch holds 280 ms first, so that a swipe still scrolls.
const HOLD = 280,
  SLOP = { mouse: 4, touch: 10 },
  EDGE = 48,
  STEP = 8;

let lifted = false;

/** Without this the browser starts to pan after the hold and takes the pointer away. It must be there before a touch. */
export function keepTouch(scroller) {
  scroller.addEventListener('touchmove', event => lifted && event.preventDefault(), { passive: false });
}

/**
 * Follow one pointer from its `pointerdown`. `show(x, y)` while dragging, `drop(x, y)` at the end of a real drag,
 * `end()` always and last. Escape, a second finger or a lost pointer cancel.
 */
export function startDrag(event, { scroller, show, drop, end }) {
  if (event.button) return;
  const element = event.currentTarget,
    pointer = event.pointerId,
    touch = event.pointerType !== 'mouse';
  const from = { x: event.clientX, y: event.clientY };
  let dragging = false,
    moved = false,
    at = null,
    hold = 0,
    frame = 0;

  function begin() {
    dragging = lifted = true;
    element.setPointerCapture?.(pointer);
    navigator.vibrate?.(15);
    show(from.x, from.y);
    edge();
  }

  function onMove(move) {
    if (move.pointerId !== pointer) return;
    if (!dragging) {
      const far = Math.hypot(move.clientX - from.x, move.clientY - from.y) > (touch ? SLOP.touch : SLOP.mouse);
      if (touch && far) finish();
      if (touch || !far) return;
      begin();
    }
    moved = true;
    move.preventDefault();
    at = { x: move.clientX, y: move.clientY };
    show(at.x, at.y);
  }

  function onUp(up) {
    if (up.pointerId !== pointer) return;
    const real = dragging && moved;
    if (dragging) swallowClick();
    finish();
    if (real) drop(up.clientX, up.clientY);
  }

  function onKey(key) {
    if (key.key !== 'Escape' || !dragging) return;
    key.stopPropagation();
    key.preventDefault();
    swallowClick(true);
    finish();
  }

  /** Near an edge the board scrolls along. */
  function edge() {
    if (at) {
      const box = scroller.getBoundingClientRect();
      const pull = (low, high, value) => (value < low + EDGE ? -STEP : value > high - EDGE ? STEP : 0);
      scroller.scrollBy(pull(box.left + EDGE, box.right, at.x), pull(box.top + EDGE, box.bottom, at.y));
      show(at.x, at.y);
    }
    frame = requestAnimationFrame(edge);
  }

  const cancel = lost => lost.pointerId === pointer && finish();

  function finish() {
    clearTimeout(hold);
    cancelAnimationFrame(frame);
    removeEventListener('pointermove', onMove);
    removeEventListener('pointerup', onUp);
    removeEventListener('pointercancel', cancel);
    removeEventListener('keydown', onKey, true);
    lifted = false;
    end();
  }

  if (touch) hold = setTimeout(begin, HOLD);
  addEventListener('pointermove', onMove, { passive: false });
  addEventListener('pointerup', onUp);
  addEventListener('pointercancel', cancel);
  addEventListener('keydown', onKey, true);
}

/** The click that follows the end of a drag must open nothing, wherever it lands; `held`: the button is still down. */
function swallowClick(held) {
  const stop = event => {
    event.stopPropagation();
    event.preventDefault();
  };
  const done = () => setTimeout(() => removeEventListener('click', stop, { capture: true }), 50);
  addEventListener('click', stop, { capture: true, once: true });
  if (held) addEventListener('pointerup', done, { capture: true, once: true });
  else done();
}
