// Runs once per panel. Buttons carry data-do (and data-id, data-version); fields of the enclosing
// [data-form] are sent along. "write" events wait for the model, "act" and
// "look" events do not; "look" only opens something.
// The sections' panels, some hundred of them, share the script of one component ("cards"): a script
// and its events for each took half a second whenever the page was opened.
const shared = Boolean(element.closest('#cards'));
const place = shared ? document : element;
const isOurs = (target) => target instanceof Element && Boolean(shared ? target.closest('.card .panel') : element.contains(target));
const events = { act: 'act', write: 'write', look: 'look' };

function send(button) {
  const data = { ...button.dataset };
  const form = button.closest('[data-form]');
  if (form) for (const field of form.querySelectorAll('[name]')) data[field.name] = field.value;
  trigger(events[button.dataset.event] || events.act, data);
}

place.addEventListener('click', (event) => {
  const button = isOurs(event.target) && event.target.closest('[data-do]');
  if (!button || !isOurs(button) || button.disabled) return;
  if (button.tagName === 'BUTTON') event.preventDefault();
  if (button.dataset.confirm && !button.classList.contains('armed')) {
    const label = button.textContent;
    button.classList.add('armed');
    button.textContent = button.dataset.confirm;
    setTimeout(() => { button.classList.remove('armed'); button.textContent = label; }, 3500);
    return;
  }
  button.closest('details.menu')?.removeAttribute('open');
  send(button);
});

place.addEventListener('keydown', (event) => {
  if (!isOurs(event.target) || event.key !== 'Enter' || event.isComposing || !event.target.matches('input.wish, input.reason, input.ask')) return;
  event.preventDefault();
  const button = event.target.closest('[data-form]').querySelector('[data-event="write"], [data-do="explain"], [data-do="find-exemplar"]');
  if (button && !button.disabled) send(button);
});

// Entering a field of a card, and leaving a heading: told by this one component for all, since Gradio
// goes through every component's events for each of its components when the page opens.
if (shared) {
  const cardOf = (target, fields) => target instanceof Element && target.matches(fields) && target.closest('.card')?.id.split('-')[1];
  document.addEventListener('focusin', ({ target }) => {
    const card = cardOf(target, ':is(.editor, .heading) textarea');
    if (card) trigger('enter', { card });
  });
  document.addEventListener('focusout', ({ target }) => {
    const card = cardOf(target, '.heading textarea');
    if (!card) return;
    const stamp = document.querySelector(`#stamp-${card} :is(input, textarea)`)?.value || '';
    trigger('renamed', { card, stamp, heading: target.value });
  });
}
