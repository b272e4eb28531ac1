// Keys of the page. None is taken while an input method composes: it needs Enter, Esc and arrows.
() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const visible = (element) => Boolean(element && element.offsetParent);
  const composing = (event) => event.isComposing || event.keyCode === 229;
  const field = (element) => element instanceof Element && element.matches('input, textarea, select, [contenteditable]');
  const cards = () => all('.card').filter(visible);

  function cardInUse() {
    const active = document.activeElement?.closest('.card');
    return active || document.querySelector('.card:has([data-selected])');
  }

  function press(button) {
    if (!visible(button) || button.disabled) return false;
    button.click();
    return true;
  }

  function generate() {
    if (document.activeElement?.closest('#paste')) return press(document.querySelector('#arrange'));
    if (document.querySelector('[data-busy]')) return true;  // one at a time
    return press(cardInUse()?.querySelector('.tools [data-do="rewrite"]'));
  }

  function enter(card) {
    const box = card?.querySelector('.editor textarea');
    if (!box) return;
    box.focus({ preventScroll: true });
    card.scrollIntoView({ block: 'nearest' });
  }

  function step(by) {
    const shown = cards();
    const now = shown.indexOf(cardInUse());
    enter(shown[now < 0 ? 0 : Math.min(shown.length - 1, Math.max(0, now + by))]);
  }

  // Findings are walked through in the text: the caret goes to the place of each, and what it says
  // is on the right. Away from the desk the list itself is walked through.
  function placeOf(mark) {
    const overlay = mark.closest('.overlay');
    const before = document.createRange();
    before.setStart(overlay, 0);
    before.setEndBefore(mark);
    return { mark, overlay, box: overlay.closest('.paper').querySelector('.editor textarea'), at: before.toString().length };
  }

  function finding(by) {
    if (!visible(document.querySelector('#desk'))) {
      const walk = document.querySelector('#whole-tabs button[role="tab"][data-tab-id="walk"]');
      if (visible(walk) && walk.getAttribute('aria-selected') !== 'true') {
        walk.click();  // the list of findings first, then through it
        setTimeout(() => finding(by), 200);
        return;
      }
      const rows = all('.finding').filter(visible);
      const at = rows.indexOf(document.activeElement?.closest('.finding'));
      rows[(at < 0 ? (by > 0 ? 0 : rows.length - 1) : (at + by + rows.length) % rows.length)]?.focus();
      return;
    }
    const seen = new Set();
    const places = all('.overlay mark.found').filter(visible).map(placeOf).filter(({ box, mark }) => {
      const key = `${box.closest('.card').id}|${mark.dataset.keys || ''}`;  // one finding may be marked in pieces
      return !seen.has(key) && seen.add(key);
    });
    if (!places.length) return;
    const boxes = all('.editor textarea');
    const active = document.activeElement;
    const here = boxes.indexOf(active);
    const order = ({ box, at }) => boxes.indexOf(box) * 1e6 + at;
    const now = here < 0 ? (by > 0 ? -1 : Infinity) : here * 1e6 + active.selectionStart;
    const next = by > 0
      ? places.find((place) => order(place) > now) || places[0]
      : places.findLast((place) => order(place) < now) || places[places.length - 1];
    document.querySelector('#ev-tabs button[role="tab"][data-tab-id="issues"]')?.click();
    next.box.focus({ preventScroll: true });
    next.box.setSelectionRange(next.at, next.at);
    next.mark.scrollIntoView({ block: 'center' });
    next.box.click();  // as a click there does: sentence, facts and finding light up
  }

  function lock() {
    const tools = cardInUse()?.querySelector('.tools');
    return press(tools?.querySelector('[data-do="lock"], [data-do="unlock"]'));
  }

  function openKeys() {
    const sheet = document.querySelector('#keys-sheet');
    if (sheet && !sheet.open) sheet.showModal();
  }

  function taken(event) {
    const { key } = event;
    const main = event.ctrlKey || event.metaKey;
    if (main && !event.altKey && key === 'Enter') return generate();
    if (main && !event.altKey && !event.shiftKey && key.toLowerCase() === 's') {
      document.querySelector('#save_now')?.click();
      return true;
    }
    if (event.altKey && !main && !event.shiftKey) {
      if (key === 'ArrowUp' || key === 'ArrowDown') return step(key === 'ArrowUp' ? -1 : 1), true;
      if (event.code === 'KeyL') return lock(), true;
    }
    if (key === 'F8' && !main && !event.altKey) return finding(event.shiftKey ? -1 : 1), true;
    if ((key === '?' || key === '？') && !main && !event.altKey && !field(event.target)) return openKeys(), true;
    return false;
  }

  // Gradio takes Enter in a box that begins with one line for "submit"; here it is a new line.
  document.addEventListener('keypress', (event) => {
    if (event.key !== 'Enter' || !(event.target instanceof Element)) return;
    if (event.target.matches('.editor textarea')) event.stopPropagation();
    if (event.target.matches('#title textarea')) event.preventDefault();  // one line, too
    if (!event.target.matches('.heading textarea')) return;
    event.preventDefault();  // a heading is one line: Enter is done with it, leaving saves it
    event.target.blur();
  }, true);

  document.addEventListener('keydown', (event) => {
    if (composing(event) || document.querySelector('dialog[open], #dialog .dialog:not(.gone)')) return;
    if (taken(event)) event.preventDefault();
  });

  document.addEventListener('click', (event) => {
    const target = event.target;
    if (!(target instanceof Element)) return;
    if (target.closest('[data-keys-list]')) openKeys();
    // A click beside the sheet, or on its button, closes it.
    if (target.matches('#keys-sheet') || target.closest('#keys-sheet [data-close-keys]')) document.querySelector('#keys-sheet').close();
  });
}
