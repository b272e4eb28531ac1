// Marks over the text, and the way from a sentence to its facts and back. Everything shown comes
// from what the server sent; nothing here asks it for anything or changes a text.
() => {
  const sent = new WeakMap();  // overlay -> as the server sent it
  let picked = {};             // {fact}, {section, at} or {key}: what the person looks at
  const opened = new Set();     // folds held open while their panels are renewed
  let walked = -1;             // the finding whose button was pressed last
  let queued = 0;
  let said = '';               // what the foot of the page tells, or told
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const named = (name, value) => `[${name}~="${CSS.escape(value)}"]`;
  // What a click found is told in the foot of the page, between its buttons, and goes after a while.
  const note = document.createElement('div');
  (document.querySelector('#foot #progress') || document.body.firstChild).before(note);
  note.className = 'trace-note';
  let fading = 0;
  note.setAttribute('role', 'status');

  function* letters(root) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) yield walker.currentNode;
  }

  function spot(root, offset) {
    let last = null;
    for (const node of letters(root)) {
      if (offset <= node.length) return [node, offset];
      offset -= node.length;
      last = node;
    }
    return last ? [last, last.length] : [root, 0];
  }

  // The overlay is of the text as last checked. Until the next check comes, what was typed since
  // is put in unmarked, so that marks stay under their words.
  function fit(overlay) {
    const box = overlay.closest('.paper')?.querySelector('.editor textarea');
    if (!box) return;
    if (!sent.has(overlay)) sent.set(overlay, overlay.cloneNode(true));
    const now = box.value;
    if (overlay.textContent === now) return;
    overlay.replaceChildren(...sent.get(overlay).cloneNode(true).childNodes);
    const old = overlay.textContent;
    const shorter = Math.min(old.length, now.length);
    let head = 0;
    while (head < shorter && old[head] === now[head]) head += 1;
    let tail = 0;
    while (tail < shorter - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
    if (head === old.length && head === now.length) return;
    const range = document.createRange();
    range.setStart(...spot(overlay, head));
    range.setEnd(...spot(overlay, old.length - tail));
    range.deleteContents();
    range.insertNode(document.createTextNode(now.slice(head, now.length - tail)));
  }

  function at(overlay, position) {
    let last = null;
    for (const node of letters(overlay)) {
      last = node.parentElement;
      if (position < node.length) break;
      position -= node.length;
    }
    return last;
  }

  function show(scroll) {
    for (const element of all('.lit')) element.classList.remove('lit');
    document.dispatchEvent(new CustomEvent('drafter:picked', { detail: picked }));
    let sentences = [];
    let facts = [];
    if (picked.fact) {
      facts = [picked.fact];
      sentences = all(`.sentence${named('data-facts', picked.fact)}`);
    } else if (picked.section) {
      const where = `[data-section="${CSS.escape(picked.section)}"][data-at="${picked.at}"]`;
      sentences = all(`.sentence${where}`);
      facts = (sentences[0]?.dataset.facts || '').split(' ').filter(Boolean);
    }
    const chips = facts.flatMap((fact) => all(`[data-fact="${CSS.escape(fact)}"]`));
    const marks = picked.key ? all(named('data-keys', picked.key)) : [];
    const found = picked.key ? all(`.finding[data-key="${CSS.escape(picked.key)}"]`) : [];
    for (const element of [...sentences, ...chips, ...marks, ...found]) element.classList.add('lit');
    tell(sentences, facts);
    if (!scroll) return;
    const near = { block: 'nearest' };
    if (!picked.fact) for (const chip of chips) chip.scrollIntoView(near);
    if (scroll === 'list') for (const finding of found) finding.scrollIntoView(near);
    if (scroll === 'text') {
      const seen = [...marks, ...sentences].find((element) => element.closest('.overlay'));
      (seen || sentences[0])?.scrollIntoView({ block: 'center' });
    }
  }

  function tell(sentences, facts) {
    let words = '';
    if (picked.fact) words = sentences.length ? '' : `正文里没有哪一句写到 ${picked.fact}。`;
    else if (picked.section && sentences.length) {
      words = facts.length ? `这一句出自 ${facts.join('、')}。` : '这一句没有对应的要点。';
    }
    if (said === words) return;
    said = words;
    note.textContent = words;
    clearTimeout(fading);
    fading = setTimeout(() => { note.textContent = ''; }, 8000);
  }

  function pick(what, scroll) {
    picked = what;
    show(scroll);
  }

  function pickSentence(element, scroll) {
    const sentence = element?.closest('.sentence');
    const key = element?.closest('mark')?.dataset.keys?.split(' ')[0];
    pick(sentence ? { section: sentence.dataset.section, at: sentence.dataset.at, key } : {}, scroll);
  }

  function fromEditor(box) {
    const overlay = box.closest('.paper')?.querySelector('.overlay');
    if (!overlay || box.selectionStart !== box.selectionEnd) return;
    fit(overlay);
    pickSentence(at(overlay, box.selectionStart), 'list');
  }

  function activate(target) {
    const asked = target.closest('[data-pick]');
    if (asked) return pick({ fact: asked.dataset.pick }, 'text');
    const chip = target.closest('.fact > summary, .section-facts [data-fact]');
    if (chip) return pick({ fact: chip.closest('[data-fact]').dataset.fact }, 'text');
    if (target.closest('.preview .sentence')) return pickSentence(target, 'list');
    const finding = target.closest('.finding');
    if (finding && !target.closest('button')) return pick({ key: finding.dataset.key }, 'text');
    return null;
  }

  document.addEventListener('click', (event) => {
    const target = event.target;
    if (!(target instanceof Element)) return;
    const button = target.closest('.finding [data-do]');
    // A fact that is moved has been dealt with: its fold does not come back open.
    const moved = target.closest('[data-do="move-fact"]');
    if (moved) opened.delete(location.search + moved.dataset.id);
    if (button) walked = all('.finding').indexOf(button.closest('.finding'));
    if (target.matches('.editor textarea')) fromEditor(target);
    else activate(target);
  });

  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.isComposing) note.textContent = '';
    const target = event.target;
    if (!(target instanceof Element) || !['Enter', ' '].includes(event.key)) return;
    if (!target.matches('.sentence, .section-facts [data-fact], .finding')) return;
    event.preventDefault();
    activate(target);
  });

  document.addEventListener('keyup', (event) => {
    const moves = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End'];
    if (event.isComposing || !moves.includes(event.key)) return;
    if (event.target instanceof Element && event.target.matches('.editor textarea')) fromEditor(event.target);
  });

  document.addEventListener('input', (event) => {
    const overlay = event.target instanceof Element && event.target.closest('.paper')?.querySelector('.overlay');
    if (overlay) fit(overlay);
  });

  document.addEventListener('toggle', (event) => {
    const name = event.target instanceof Element && event.target.dataset.keep;
    if (name && event.target.isConnected) opened[event.target.open ? 'add' : 'delete'](location.search + name);
  }, true);

  function refresh() {
    queued = 0;
    for (const overlay of all('.overlay')) fit(overlay);
    for (const fold of all('details[data-keep]:not([open])')) {
      if (opened.has(location.search + fold.dataset.keep)) fold.open = true;
    }
    show('');
    if (walked >= 0 && document.activeElement === document.body) {
      const findings = all('.finding');
      findings[Math.min(walked, findings.length - 1)]?.focus();
      walked = -1;
    }
  }

  // Gradio gives a text box its new value a moment after the panels: hence the second look.
  new MutationObserver((records) => {
    if (window.drafter.quiet(records)) return;
    if (queued) return;
    queued = requestAnimationFrame(refresh);
    setTimeout(() => { for (const overlay of all('.overlay')) fit(overlay); }, 150);
  }).observe(document.body, { childList: true, subtree: true });
}
