// The tour of the first visit: a strip above the sheet, one step at a time. It covers nothing, goes
// along with what is done, and once put away it stays away in this browser.
() => {
  const kept = 'drafter-tour';
  const read = () => { try { return localStorage.getItem(kept); } catch { return 'done'; } };
  const keep = (value) => { try { localStorage.setItem(kept, value); } catch { /* asked again next time */ } };
  const box = () => document.querySelector('#tour');
  const steps = () => [...document.querySelectorAll('#tour .tour-step')];
  let at = -1;

  function show(step) {
    const strip = box();
    if (!strip) return;
    for (const marked of document.querySelectorAll('.tour-at')) marked.classList.remove('tour-at');
    at = step;
    strip.hidden = step < 0;
    if (step < 0) return;
    keep(String(step));
    steps().forEach((element, place) => { element.hidden = place !== step; });
    document.querySelector(steps()[step].dataset.at)?.classList.add('tour-at');
    strip.querySelector('[data-tour-go="-1"]').hidden = step === 0;
    strip.querySelector('[data-tour-go="1"]').textContent = step === steps().length - 1 ? '完成' : '下一步';
  }

  function end() {
    show(-1);
    keep('done');
  }

  document.addEventListener('click', (event) => {
    const target = event.target;
    if (!(target instanceof Element)) return;
    if (target.closest('[data-tour]')) {
      document.querySelector('#main button[role="tab"]')?.click();
      setTimeout(() => { show(0); box()?.scrollIntoView({ block: 'nearest' }); }, 100);
      return;
    }
    if (at < 0) return;
    const go = target.closest('[data-tour-go]');
    if (target.closest('[data-tour-end]')) return end();
    if (go) return at + Number(go.dataset.tourGo) >= steps().length ? end() : show(at + Number(go.dataset.tourGo));
    const press = target.closest('[data-press]');
    if (press) return document.querySelector(`#${press.dataset.press}`)?.click();
    const done = ['#example', '#arrange', '#write_all'].findIndex((name) => target.closest(name));
    if (done >= at && done < steps().length - 1) show(done + 1);
  });

  // The first visit: nothing kept, and nothing written yet on the page that has opened.
  const wait = setInterval(() => {
    if (!document.querySelector('#saved .saved') || !box()) return;
    clearInterval(wait);
    const before = read();
    if (before === 'done') return;
    const empty = !document.querySelector('.fact');
    if (before === null ? empty : Number(before) >= 0) show(Math.min(Number(before || 0), steps().length - 1));
  }, 200);
}
