// Small conveniences of the page; everything that matters happens on the server.
() => {
  const root = document.documentElement;
  root.lang = 'zh-CN';
  const light = () => document.body.classList.remove('dark');
  light();
  new MutationObserver(light).observe(document.body, { attributes: true, attributeFilter: ['class'] });

  function goTo(id) {
    const head = document.querySelector(`[data-card="${CSS.escape(id)}"]`);
    const card = head?.closest('.card');
    if (!card) return;
    card.scrollIntoView({ block: 'start', behavior: 'smooth' });
    card.classList.add('flash');
    setTimeout(() => card.classList.remove('flash'), 1200);
  }

  document.addEventListener('click', (event) => {
    const target = event.target;
    if (!(target instanceof Element)) return;
    const jump = target.closest('[data-goto]');
    if (jump) goTo(jump.dataset.goto);
    if (target.closest('[data-close]')) target.closest('.message')?.classList.add('gone');
    for (const menu of document.querySelectorAll('details.menu[open]')) {
      if (!menu.contains(target)) menu.removeAttribute('open');
    }
    if (target.closest('#fold')) document.querySelector('#right')?.classList.toggle('folded');
  });

  // A heading is saved when it is left; leaving the page counts.
  document.addEventListener('visibilitychange', () => {
    const active = document.activeElement;
    if (document.hidden && active?.closest('.heading')) active.blur();
  });

  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      for (const menu of document.querySelectorAll('details.menu[open]')) menu.removeAttribute('open');
      return;
    }
    const finding = event.target instanceof Element && event.target.closest('.finding');
    if (!finding || !['ArrowDown', 'ArrowUp'].includes(event.key)) return;
    const all = [...document.querySelectorAll('.finding')];
    const next = all[all.indexOf(finding) + (event.key === 'ArrowDown' ? 1 : -1)];
    if (next) { event.preventDefault(); next.focus(); }
  });
}
