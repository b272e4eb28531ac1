// A page of somebody who logged in. When the session is over, nothing asked of the server fails: it
// waits until the same person has logged in again, in another tab, and is then asked once more. So
// what was typed stays, and saving goes on with it.
(() => {
  const meta = document.querySelector('meta[name="drafter-person"]');
  const me = meta.content;
  const name = meta.dataset.name;
  const ask = window.fetch.bind(window);
  const ACTIVE = 60_000;  // how often the server is told that somebody is there
  const LOOK = 2_000;  // how often a page that waits asks whether it may go on

  const ours = (input) => new URL(input instanceof Request ? input.url : input, location.href).origin === location.origin;
  const headersOf = (input, init) => {
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
    headers.set('x-drafter-person', me);
    return headers;
  };

  let bar = null;
  function show(other) {
    if (!bar) {
      bar = document.createElement('div');
      bar.id = 'access';
      bar.setAttribute('role', 'alert');
      const said = document.createElement('span');
      const link = document.createElement('a');
      link.href = '/login?onward=back';
      link.target = '_blank';
      link.textContent = '去登录';
      bar.append(said, link);
      (document.body || document.documentElement).append(bar);
    }
    const words = other
      ? `这个浏览器里现在登录的是别人。这一页是“${name}”的，打的字都还在；请用“${name}”重新登录，会接着保存。`
      : '登录已过期，请重新登录。您打的字都还在这一页，登录后会接着保存。';
    if (bar.firstChild.textContent !== words) bar.firstChild.textContent = words;
  }

  // Leaving the page now would lose what is not saved yet: the browser asks first.
  addEventListener('beforeunload', (event) => { if (bar) event.preventDefault(); });

  let waiting = null;
  function back(other) {
    show(other);
    waiting ??= new Promise((resolve) => {
      let timer = 0;
      const over = () => {
        clearTimeout(timer);
        document.removeEventListener('visibilitychange', look);
        bar?.remove();
        bar = null;
        waiting = null;
        resolve();
      };
      async function look() {
        clearTimeout(timer);
        if (!waiting) return;
        try {
          const answer = await ask('/session', { headers: { 'x-drafter-person': me } });
          if (!waiting) return;
          if (answer.ok) { over(); return; }
          show(answer.headers.get('x-drafter-login') === 'other');
        } catch { /* the server is away: ask on */ }
        timer = setTimeout(look, LOOK);
      }
      document.addEventListener('visibilitychange', look);
      timer = setTimeout(look, LOOK);
    });
    return waiting;
  }

  window.fetch = async (input, init) => {
    if (!ours(input)) return ask(input, init);
    for (;;) {
      const once = input instanceof Request ? input.clone() : input;
      const answer = await ask(once, { ...init, headers: headersOf(input, init) });
      const over = answer.status === 401 && answer.headers.get('x-drafter-login');
      if (!over) return answer;
      await back(over === 'other');
      init?.signal?.throwIfAborted();
    }
  };

  // A session runs out when nobody is there. A page asks for news all day, so it says when somebody is.
  let told = Date.now();
  function active() {
    if (Date.now() - told < ACTIVE) return;
    told = Date.now();
    window.fetch('/session', { method: 'POST' }).catch(() => { told = 0; });
  }
  for (const event of ['keydown', 'pointerdown', 'input']) {
    document.addEventListener(event, active, { capture: true, passive: true });
  }

  // Who this is, and the way out: beside where model and library stand.
  function sign() {
    if (document.querySelector('#whoami')) return;
    const place = document.querySelector('#standing');
    if (!place) return;
    const form = document.createElement('form');
    form.id = 'whoami';
    form.method = 'post';
    form.action = '/logout';
    const who = document.createElement('span');
    who.textContent = name;
    const out = document.createElement('button');
    out.textContent = '退出登录';
    form.append(who, out);
    place.before(form);
  }
  new MutationObserver(sign).observe(document.documentElement, { childList: true, subtree: true });
})();
