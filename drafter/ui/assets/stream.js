// One stream of answers for as long as the page is open, and nothing lost when the server is away.
//
// The server closes a page's stream of answers when it owes none, and Gradio opens it anew with the
// next question. A question asked after the server closed it, but before the page has heard so, is
// left without an answer; or its answer is broken off together with all others. And once a line was
// broken (a server started again, a laptop asleep), Gradio's page asks nothing any more, while one
// types on. So Gradio gets a stream that does not end. Behind it the real one is opened whenever an
// answer is owed and nothing is being read; where the server does not answer, the page says so,
// waits until it does, asks once more, and has everything typed saved.
(() => {
  const ask = window.fetch.bind(window);
  const version = document.querySelector('meta[name="drafter-page"]')?.content;
  const LOOK = 2_000;  // how often the page looks whether the server is there again
  const AWAY = '和拟稿台的连接断了，正在重新连接。您打的字都还在这一页，连上后会自动保存；请不要关闭这一页。';
  const CHANGED = '拟稿台已经更新，这一页是旧的。请先把没有保存的字复制出来，再刷新页面。';
  const STOPPED = '拟稿台重新启动过，正在写的已停下，写好的都在。打的字已保存，请刷新页面。';
  const address = (input) => String(input instanceof Request ? input.url : input);
  const bytes = new TextEncoder();
  const owed = new Set();
  const early = new Set();  // answered before the page heard what the question is called
  let page = null;  // what Gradio reads: { request, out, reading }
  let leaving = false;
  let returning = null;  // while the server is away: settled when it is back

  addEventListener('pagehide', () => { leaving = true; });
  addEventListener('pageshow', () => { leaving = false; });

  function say(words) {
    let bar = document.querySelector('#away');
    if (!words) { bar?.remove(); return; }
    if (!bar) {
      bar = document.createElement('div');
      bar.id = 'away';
      bar.setAttribute('role', 'alert');
      (document.body || document.documentElement).append(bar);
    }
    bar.textContent = words;
  }

  // Settled when the server is there again with the same page; never, when it has another.
  function back() {
    returning ??= (async () => {
      for (say(AWAY); ; await new Promise((later) => setTimeout(later, LOOK))) {
        try {
          const answer = await ask('/standing', { cache: 'no-store' });
          if (!answer.ok) continue;
          const now = (await answer.json()).page;
          if (now === version) break;
          say(CHANGED);
          await new Promise(() => {});
        } catch { /* still away */ }
      }
      returning = null;
      say('');
    })();
    return returning;
  }

  // What was owed when the line broke will not come: its askers are told, or they would wait for ever.
  function writeOff(to) {
    for (const asked of owed) {
      const message = { msg: 'process_completed', event_id: asked, success: false, output: { error: '连接断过', visible: false } };
      to.out.enqueue(bytes.encode(`data: ${JSON.stringify(message)}\n\n`));
    }
    owed.clear();
    setTimeout(() => {
      if (document.querySelector('[data-busy]')) say(STOPPED);
      document.querySelector('#save_now')?.click();
    }, 300);
  }

  function settle(message) {
    if (message.msg !== 'process_completed') return;
    if (!owed.delete(message.event_id)) early.add(message.event_id);
  }

  function pass(to, block) {
    const data = block.startsWith('data:') ? JSON.parse(block.slice(5)) : null;
    if (data?.msg === 'close_stream') return;
    // A server that stops, or does not know this page since it was started again.
    if (data?.msg === 'unexpected_error' && !data.event_id) throw new Error(data.message);
    if (data) settle(data);
    to.out.enqueue(bytes.encode(`${block}\n\n`));
  }

  async function read(to, body) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    for (let rest = ''; ;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (rest + value).split('\n\n');
      rest = blocks.pop();
      for (const block of blocks) pass(to, block);
    }
  }

  // One line at a time: by two at once the end of an answer may overtake its beginning, and the
  // page would make its texts of the wrong differences. The first is opened though nothing is owed.
  async function keepReading(to, first = false) {
    if (to.reading) return;
    to.reading = true;
    for (let asked = first; page === to && (asked || owed.size); asked = false) {
      try {
        const response = await ask(to.request.clone());
        if (!response.ok) throw new Error(`HTTP ${response.status}`);
        await read(to, response.body);
      } catch {
        // A page that is left closes its stream itself: nothing to complain of.
        if (page !== to) return;  // Gradio has let go of it
        if (leaving || to.request.signal.aborted) {
          page = null;
          to.out.close();
          return;
        }
        await back();
        writeOff(to);
      }
    }
    to.reading = false;
  }

  function open(request) {
    const to = { request, out: null, reading: false };
    const endless = new ReadableStream({
      start(out) { to.out = out; },
      cancel() { if (page === to) page = null; },
    });
    page = to;
    keepReading(to, true);
    return new Response(endless, { status: 200, headers: { 'content-type': 'text/event-stream' } });
  }

  async function remember(response) {
    const { event_id: asked } = await response.json();
    if (!asked || early.delete(asked)) return;
    owed.add(asked);
    if (page) keepReading(page);
  }

  // Half a letter (of an emoji cut in two) is no text any server takes.
  const whole = (init) => (typeof init?.body === 'string'
    ? { ...init, body: init.body.replace(/(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/gi, '$1�') }
    : init);

  async function join(input, init) {
    for (;;) {
      try {
        const response = await ask(input instanceof Request ? input.clone() : input, whole(init));
        if (response.ok) remember(response.clone());
        return response;
      } catch (error) {
        if (leaving) throw error;
        await back();
      }
    }
  }

  window.fetch = (input, init) => {
    const url = address(input);
    if (url.includes('/queue/data?')) return Promise.resolve(open(new Request(input, init)));
    return url.includes('/queue/join?') ? join(input, init) : ask(input, init);
  };
})();
