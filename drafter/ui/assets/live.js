// While a text streams, the server fills one hidden panel (#live); this puts what it says under the
// card it belongs to. Nothing else of the page is touched, so focus, caret and scroll stay put.
() => {
  const slots = new Map();  // section -> {slot, pane, seen}
  const own = '#live, .live-slot, #progress, .trace-note';
  // What the other scripts need not look at: the streaming itself.
  const quiet = (records) => records.every(({ target }) => {
    const element = target instanceof Element ? target : target.parentElement;
    return Boolean(element?.closest(own));
  });
  window.drafter = { quiet };

  function paneOf(section) {
    return document.querySelector(`[data-card="${CSS.escape(section)}"]`)?.closest('.card')?.querySelector('.panel.pane');
  }

  function drop(section) {
    const held = slots.get(section);
    if (!held) return;
    held.seen.disconnect();
    held.pane.classList.remove('streaming');
    held.slot.remove();
    slots.delete(section);
  }

  function slotOf(section) {
    const held = slots.get(section);
    if (held?.slot.isConnected && paneOf(section) === held.pane) return held.slot;
    drop(section);
    const pane = paneOf(section);
    if (!pane) return null;
    const slot = document.createElement('div');
    slot.className = 'live-slot';
    pane.after(slot);
    pane.classList.add('streaming');
    // The finished card comes from the server a moment after the last word: till then this stays.
    const seen = new MutationObserver(() => { if (slot.dataset.over) drop(section); });
    seen.observe(pane, { childList: true, subtree: true, characterData: true });
    slots.set(section, { slot, pane, seen });
    return slot;
  }

  let last = '';
  function show() {
    const said = document.querySelector('#live [data-live]');
    const now = said?.dataset.live || '';
    const html = said?.dataset.html || '';
    if (now + html === last) return;
    last = now + html;
    for (const [section, { slot }] of slots) {
      if (section === now || slot.dataset.over) continue;
      slot.dataset.over = '1';
      setTimeout(() => { if (slots.get(section)?.slot === slot && slot.dataset.over) drop(section); }, 700);
    }
    if (!now) return;
    const slot = slotOf(now);
    if (!slot) return;
    delete slot.dataset.over;
    slot.innerHTML = html;  // made by the server, every text in it escaped
  }

  new MutationObserver((records) => {
    if (records.some(({ target }) => target instanceof Element && target.closest('#live'))) show();
  }).observe(document.body, {
    childList: true, subtree: true, attributes: true, attributeFilter: ['data-live', 'data-html'],
  });
}
