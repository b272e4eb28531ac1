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
    if (target.closest('[data-close]')) target.closest('.message')?.classList.add('gone');
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
      closeDialog();
      for (const menu of document.querySelectorAll('details.menu[open]')) menu.removeAttribute('open');
      return;
    }
    const finding = event.target instanceof Element && event.target.closest('.finding');
    if (finding?.dataset.goto && event.key === 'Enter') finding.click();
    if (!finding || !['ArrowDown', 'ArrowUp'].includes(event.key)) return;
    const all = [...document.querySelectorAll('.finding')];
    const next = all[all.indexOf(finding) + (event.key === 'ArrowDown' ? 1 : -1)];
    if (next) { event.preventDefault(); next.focus(); }
  });
}
