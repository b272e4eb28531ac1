// The two texts side by side: Esc closes them, focus goes back where it came from, and each text
// stays scrolled where it was when the pane is renewed. Everything shown comes from the server.
() => {
  const pane = () => document.querySelector('#compare .compare');
  const places = new Map();  // text -> how far it was scrolled
  let asked = '';            // the exemplar whose button opened the pane
  let open = null;

  document.addEventListener('click', (event) => {
    const target = event.target;
    const button = target instanceof Element && target.closest('[data-do="compare"]');
    if (button && !button.closest('#compare')) asked = button.dataset.id;
  }, true);

  document.addEventListener('scroll', (event) => {
    const text = event.target instanceof Element && event.target.closest('[data-scroll]');
    if (text) places.set(text.dataset.scroll, text.scrollTop);
  }, true);

  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.isComposing || !pane()) return;
    event.preventDefault();
    pane().querySelector('[data-do="uncompare"]')?.click();
  });

  function back() {
    const button = document.querySelector(`#ev-tabs [data-do="compare"][data-id="${CSS.escape(asked)}"]`);
    (button || document.querySelector('#ev-tabs [data-do="compare"]'))?.focus({ preventScroll: true });
    asked = '';
    places.clear();
  }

  new MutationObserver((records) => {
    if (window.drafter.quiet(records)) return;
    const now = pane();
    if (now === open) return;
    const closed = open && !now;
    open = now;
    if (closed) return back();
    const held = document.activeElement;
    for (const text of now.querySelectorAll('[data-scroll]')) {
      text.scrollTop = places.get(text.dataset.scroll) || 0;
    }
    if (!held || held === document.body || !now.contains(held)) now.focus({ preventScroll: true });
  }).observe(document.body, { childList: true, subtree: true });
}
