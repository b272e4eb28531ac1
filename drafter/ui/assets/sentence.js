// The bar for the sentence that was picked (trace.js tells which), and wishes filled in by a click.
() => {
  let picked = {};
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const trim = (words) => words.replace(/^\s+/, '');

  function sentence() {
    if (!picked.section) return null;
    const where = `[data-section="${CSS.escape(picked.section)}"][data-at="${picked.at}"]`;
    return document.querySelector(`.overlay .sentence${where}`) || document.querySelector(`.preview .sentence${where}`);
  }

  function words(element) {
    const copy = element.cloneNode(true);
    for (const number of all('sup', copy)) number.remove();
    for (const line of all('br', copy)) line.replaceWith('\n');
    return copy.textContent;
  }

  function show() {
    const element = sentence();
    const said = element ? words(element) : '';
    for (const bar of all('.sentence-bar')) {
      const mine = Boolean(said.trim()) && bar.dataset.section === picked.section;
      if (bar.hidden === mine) bar.hidden = !mine;
      if (!mine) continue;
      const known = all('.locks-known i', bar).map((item) => item.dataset.words);
      const locked = known.find((held) => said.endsWith(held) && element.classList.contains('held'));
      const which = `第 ${Number(picked.at) + 1} 句`;
      const label = bar.querySelector('.which');
      if (label.textContent !== which) label.textContent = which;
      for (const button of all('[data-do]', bar)) {
        const held = button.dataset.do === 'unlock-sentence' ? Boolean(locked) : button.dataset.do === 'lock-sentence' ? !locked : true;
        if (button.hidden === held) button.hidden = !held;
        button.dataset.at = picked.at;
        button.dataset.words = button.dataset.do === 'unlock-sentence' ? locked || '' : said;
      }
    }
  }

  document.addEventListener('drafter:picked', (event) => { picked = event.detail || {}; show(); });

  document.addEventListener('click', (event) => {
    const chip = event.target instanceof Element && event.target.closest('[data-fill]');
    const box = chip && chip.closest('[data-form]').querySelector('input.wish');
    if (!box || box.disabled) return;
    const parts = box.value.split(/[，,；;]/).map((part) => part.trim()).filter(Boolean);
    const at = parts.indexOf(chip.dataset.fill);
    if (at < 0) parts.push(chip.dataset.fill); else parts.splice(at, 1);
    box.value = parts.join('，');
    box.focus();
  });

  let queued = 0;
  new MutationObserver((records) => {
    if (window.drafter.quiet(records)) return;
    if (queued) return;
    queued = requestAnimationFrame(() => { queued = 0; show(); });
  }).observe(document.body, { childList: true, subtree: true });
}
