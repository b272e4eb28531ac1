// One stream of answers for as long as the page is open.
//
// The server closes a page's stream of answers when it owes none, and Gradio opens it anew with the
// next question. A question asked after the server closed it, but before the page has heard so, is
// left without an answer; or its answer is broken off together with all others. So Gradio gets a
// stream that does not end. Behind it the real one is opened whenever an answer is owed and nothing
// is being read.
(() => {
  const ask = window.fetch.bind(window);
  const address = (input) => String(input instanceof Request ? input.url : input);
  const bytes = new TextEncoder();
  const owed = new Set();
  const early = new Set();  // answered before the page heard what the question is called
  let page = null;  // what Gradio reads: { request, out, reading }

  function settle(message) {
    if (message.msg !== 'process_completed') return;
    if (!owed.delete(message.event_id)) early.add(message.event_id);
  }

  function pass(to, block) {
    const data = block.startsWith('data:') ? JSON.parse(block.slice(5)) : null;
    if (data?.msg === 'close_stream') return;
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

  async function keepReading(to, first) {
    to.reading = true;
    try {
      for (let opened = first; page === to && (opened || owed.size); opened = null) {
        const response = opened || await ask(to.request.clone());
        if (!response.ok) throw new Error(`HTTP ${response.status}`);
        await read(to, response.body);
      }
    } catch (error) {
      owed.clear();
      if (page === to) page = null;
      // A page that is left closes its stream itself: nothing to complain of.
      if (to.request.signal.aborted) to.out.close();
      else to.out.error(error);
    } finally {
      to.reading = false;
    }
  }

  async function open(request) {
    const first = await ask(request.clone());
    if (!first.ok) return first;
    const to = { request, out: null, reading: false };
    const endless = new ReadableStream({
      start(out) { to.out = out; },
      cancel() { if (page === to) page = null; },
    });
    page = to;
    keepReading(to, first);
    return new Response(endless, { status: 200, headers: { 'content-type': 'text/event-stream' } });
  }

  async function remember(response) {
    const { event_id: asked } = await response.json();
    if (!asked || early.delete(asked)) return;
    owed.add(asked);
    if (page && !page.reading) keepReading(page, null);
  }

  window.fetch = async (input, init) => {
    const url = address(input);
    if (url.includes('/queue/data?')) return open(new Request(input, init));
    const response = await ask(input, init);
    if (url.includes('/queue/join?') && response.ok) remember(response.clone());
    return response;
  };
})();
