// Small conveniences of the page; everything that matters happens on the server.
() => {
  const root = document.documentElement;
  root.lang = 'zh-CN';

  // `open` also puts the section in focus ("select") or its findings on view ("issues").
  function goTo(id, open) {
    const desk = document.querySelector('#desk');
    if (desk && !desk.offsetParent) {
      document.querySelector('#main button[role="tab"]')?.click();
      setTimeout(() => goTo(id, open), 200);
      return;
    }
    const head = document.querySelector(`[data-card="${CSS.escape(id)}"]`);
    const card = head?.closest('.card');
    if (!card) return;
    card.scrollIntoView({ block: 'start', behavior: 'smooth' });
    card.classList.add('flash');
    setTimeout(() => card.classList.remove('flash'), 1200);
    if (open) ((open === 'issues' && card.querySelector('.found-count')) || head).click();
  }

  document.addEventListener('click', (event) => {
    const target = event.target;
    if (!(target instanceof Element)) return;
    const jump = target.closest('[data-goto]');
    if (jump) goTo(jump.dataset.goto, jump.dataset.open);
    if (target.closest('[data-close-dialog]')) closeDialog();
    if (target.closest('[data-close]')) put(target.closest('.message'));
    if (target.closest('.message.hold [data-do="settle"], .twins [data-do="settle"]')) held = read();
    if (target.closest('#main > .tab-wrapper [role="tab"]')) passing()?.classList.add('gone');
    for (const menu of document.querySelectorAll('details.menu[open]')) {
      if (!menu.contains(target)) menu.removeAttribute('open');
    }
    if (target.closest('#fold')) document.querySelector('#right')?.classList.toggle('folded');
  });

  // How differences are shown is remembered from one sheet to the next.
  document.addEventListener('change', (event) => {
    const field = event.target;
    if (field instanceof HTMLInputElement && field.name === 'diff-mode') root.dataset.diff = field.value;
  });

  // Messages. One that only tells goes by itself, with Esc and with the next tab; one with a way
  // back (撤销) has time, and more of it while it is pointed at or in use; an error stays till
  // it is closed, and what another window has changed till it is read, under what is told next.
  // Each stands where it covers the fewest buttons, and moves when a button comes up behind it.
  const TOLD = 6000;
  const WITH_A_WAY_BACK = 15000;
  const message = () => document.querySelector('#message .message:not(.gone)');
  const passing = () => document.querySelector('#message .message.info:not(.gone, .stay)');
  const named = (now) => (now ? `${now.classList.contains('turn-a')} ${now.textContent}` : '');
  let seen = '';
  let left = 0;
  let held = null;  // {bar, from, of}: a copy of what must be read, and its document
  const shown = () => document.querySelector('#docs input')?.value;
  function read() {
    held?.bar.remove();
    return null;
  }
  function put(bar) {
    bar?.classList.add('gone');
    if (bar?.classList.contains('hold')) held = read();
  }
  function keep() {
    const bar = document.querySelector('#message .message:not(.kept)');
    if (held && held.of !== shown()) held = read();
    if (bar?.classList.contains('hold')) {
      if (bar.classList.contains('gone') || held?.from === bar) return;
      read();
      held = { bar: bar.cloneNode(true), from: bar, of: shown() };
      held.bar.classList.add('kept');
    } else if (bar && held && !held.bar.isConnected) {
      bar.parentElement.append(held.bar);
      place(held.bar);
    }
  }
  setInterval(() => {
    for (const bar of document.querySelectorAll('#message .message:not(.gone, :hover, :focus-within)')) {
      if (costOf(bar, bar.getBoundingClientRect().top, controls(bar)) >= 1000) place(bar);
    }
    const now = message();
    if (!now) return;
    if (now.classList.contains('error') || now.matches(':hover, :focus-within') || document.hidden) return;
    left -= 250;
    if (left <= 0) now.classList.add('gone');
  }, 250);
  function controls(now) {
    return [...document.querySelectorAll('button, select, input, summary, [role="tab"], a[href], .message')]
      .filter((one) => !now.contains(one) && one.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
      .map((one) => one.getBoundingClientRect())
      .filter((one) => one.width && one.bottom > 0 && one.top < innerHeight);
  }
  function costOf(now, top, all) {
    const box = now.getBoundingClientRect();
    const over = all.filter((one) => one.right > box.left - 4 && one.left < box.right + 4
      && one.bottom > top - 4 && one.top < top + box.height + 4).length;
    return over * 1000 + Math.abs(top - 58);
  }
  // Headings are not pressed, but read: none is covered where there is room near by.
  function headings(now) {
    const box = now.getBoundingClientRect();
    return [...document.querySelectorAll('.heading, #title, .compare h4, .dialog-head b')]
      .filter((one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
      .map((one) => one.getBoundingClientRect())
      .filter((one) => one.width && one.right > box.left && one.left < box.right);
  }
  function place(now) {
    const all = controls(now);
    const named = headings(now);
    const height = now.getBoundingClientRect().height;
    let best = [Infinity, 58];
    for (let top = 8; top + height < innerHeight - 8; top += 8) {
      const read = named.filter((one) => one.bottom > top && one.top < top + height).length;
      const cost = costOf(now, top, all) + read * 200;
      if (cost < best[0]) best = [cost, top];
    }
    now.style.top = `${best[1]}px`;
  }
  new MutationObserver(() => {
    keep();
    const now = message();
    if (now && named(now) !== seen) {
      left = now.classList.contains('stay') ? WITH_A_WAY_BACK : TOLD;
      place(now);
    }
    seen = named(now);
  }).observe(document.querySelector('#message') || document.body, {
    childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ['class'],
  });

  // Text boxes grow with their text by CSS (narrow.css); for browsers that cannot, by this.
  if (!CSS.supports('field-sizing', 'content')) {
    const fitted = new WeakMap();
    setInterval(() => {
      for (const box of document.querySelectorAll(':is(.editor, .heading) textarea')) {
        const now = `${box.clientWidth} ${box.value}`;
        if (!box.clientWidth || fitted.get(box) === now) continue;
        fitted.set(box, now);
        box.style.height = '1px';
        box.style.height = `${box.scrollHeight}px`;
      }
    }, 250);
  }

  // A sheet laid over the page: it takes the focus, keeps it, and gives it back when it goes.
  let dialog = null;
  let before = null;
  function closeDialog() {
    dialog?.classList.add('gone');
    dialog = null;
    if (before?.isConnected) before.focus();
    before = null;
  }
  new MutationObserver((records) => {
    if (window.drafter.quiet(records)) return;
    const now = document.querySelector('#dialog .dialog:not(.gone)');
    if (now === dialog) return;
    if (!now) { dialog = null; return; }
    if (!dialog) before = document.activeElement;
    dialog = now;
    const mode = now.querySelector(`[name="diff-mode"][value="${root.dataset.diff || 'one'}"]`);
    if (mode) mode.checked = true;
    (now.querySelector('input.named') || now.querySelector('.close')).focus();
  }).observe(document.body, { childList: true, subtree: true });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Tab' || !dialog) return;
    const stops = [...dialog.querySelectorAll('button, input, select')];
    const at = stops.indexOf(document.activeElement);
    if (at < 0 || (event.shiftKey ? at === 0 : at === stops.length - 1)) {
      event.preventDefault();
      stops[event.shiftKey ? stops.length - 1 : 0].focus();
    }
  });

  // A heading is saved when it is left; leaving the page counts.
  document.addEventListener('visibilitychange', () => {
    const active = document.activeElement;
    if (document.hidden && active?.closest('.heading')) active.blur();
  });

  document.addEventListener('keydown', (event) => {
    if (event.isComposing || event.keyCode === 229) return;  // the key belongs to the input method
    if (event.key === 'Escape') {
      if (!dialog && !document.querySelector('details.menu[open]')) put(message());
      closeDialog();
      for (const menu of document.querySelectorAll('details.menu[open]')) menu.removeAttribute('open');
      return;
    }
    const finding = event.target instanceof Element && event.target.closest('.finding');
    if (finding?.dataset.goto && event.key === 'Enter') finding.click();
    if (!['ArrowDown', 'ArrowUp'].includes(event.key)) return;
    // From the tab of the whole report's findings, too: the first key goes into the list.
    const tab = event.target instanceof Element && event.target.closest('[data-tab-id="walk"]');
    if (!finding && !tab) return;
    const all = [...document.querySelectorAll('.finding')].filter((one) => one.offsetParent);
    const next = finding ? all[all.indexOf(finding) + (event.key === 'ArrowDown' ? 1 : -1)] : all[0];
    if (next) { event.preventDefault(); next.focus(); }
  });
}
