// What a screen reader or an eye needs and Gradio does not give: which section a field belongs to, headings
// without gaps in their levels, and a place for messages that is there before they come.
() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const set = (element, name, value) => {
    if (element && element.getAttribute(name) !== value) element.setAttribute(name, value);
  };

  function cards() {
    for (const card of all('.card')) {
      const head = card.querySelector('.card-head');
      if (!head) continue;
      const number = head.querySelector('.number')?.textContent || '';
      const heading = card.querySelector('.heading textarea')?.value || '';
      const name = `${number}${heading}` || head.querySelector('.role')?.textContent || '';
      set(card, 'role', 'group');
      set(card, 'aria-label', name);
      set(card.querySelector('.heading textarea'), 'aria-label', `标题：${name}`);
      set(card.querySelector('.editor textarea'), 'aria-label', `正文：${name}`);
    }
  }

  // A panel brings headings of the level that suits its own look; read in order, none is skipped.
  function headings() {
    let before = 1;
    for (const heading of all('h1, h2, h3, h4, h5, h6')) {
      if (!heading.checkVisibility()) continue;
      const own = Number(heading.tagName[1]);
      const level = Math.min(own, before + 1);
      if (level !== own || heading.hasAttribute('aria-level')) set(heading, 'aria-level', String(level));
      before = level;
    }
  }

  // Gradio's page itself refuses a file that is too large, in English.
  function refusals() {
    for (const said of all('.toast-message-text')) {
      if (!said.textContent.includes('maximum allowed size')) continue;
      const name = said.textContent.match(/"(.+)"/)?.[1] || '';
      said.textContent = `文件${name ? `“${name}”` : ''}超过 100 MB，没有读入。请分成几个小一些的文件再选。`;
    }
  }

  function tidy() {
    waiting = 0;
    set(document.querySelector('#message'), 'aria-live', 'polite');
    for (const box of all('.upload-container')) {
      set(box, 'aria-label', `${box.closest('.block')?.querySelector('label')?.textContent.trim() || ''}：点击选择文件，或拖放到此处`);
    }
    cards();
    headings();
  }

  let waiting = 0;
  const soon = () => { if (!waiting) waiting = setTimeout(tidy, 300); };
  new MutationObserver((records) => {
    refusals();
    if (!window.drafter.quiet(records)) soon();
  })
    .observe(document.body, { childList: true, subtree: true });
  document.addEventListener('click', soon);
  document.addEventListener('change', soon);
  tidy();
}
