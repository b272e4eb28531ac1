// Runs once per panel. Buttons carry data-do (and data-id, data-version); fields of the enclosing
// [data-form] are sent along. "write" events wait for the model, "act" and
// "look" events do not; "look" only opens something.
const events = { act: 'act', write: 'write', look: 'look' };

function send(button) {
  const data = { ...button.dataset };
  const form = button.closest('[data-form]');
  if (form) for (const field of form.querySelectorAll('[name]')) data[field.name] = field.value;
  trigger(events[button.dataset.event] || events.act, data);
}

element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-do]');
  if (!button || !element.contains(button) || button.disabled) return;
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

element.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.isComposing || !event.target.matches('input.wish, input.reason, input.ask')) return;
  event.preventDefault();
  const button = event.target.closest('[data-form]').querySelector('[data-event="write"], [data-do="explain"], [data-do="find-exemplar"]');
  if (button && !button.disabled) send(button);
});
