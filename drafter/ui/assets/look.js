// Light or dark: early.html has decided before the first paint; here Gradio's own colours follow,
// and the choice made in 设置 is kept in this browser.
() => {
  const root = document.documentElement;
  const look = window.drafterLook;
  const follow = () => {
    const dark = root.dataset.look === 'dark';
    if (document.body.classList.contains('dark') !== dark) document.body.classList.toggle('dark', dark);
  };
  follow();
  new MutationObserver(follow).observe(document.body, { attributes: true, attributeFilter: ['class'] });
  new MutationObserver(follow).observe(root, { attributes: true, attributeFilter: ['data-look'] });

  const mark = () => {
    const field = document.querySelector(`[name="look-page"][value="${look.wish()}"]`);
    if (field) field.checked = true;
  };
  document.addEventListener('change', (event) => {
    if (event.target.name !== 'look-page') return;
    try { localStorage.setItem('drafter-look', event.target.value); } catch { /* kept till the page closes */ }
    look.apply();
  });
  document.addEventListener('click', () => setTimeout(mark, 0));  // the tab of settings may just have opened
  addEventListener('storage', mark);
  mark();
}
