import { element } from '../../shared/dom.js';

/** Asks before something that can't be undone; promises whether the reader agrees. */
export const confirmed = (title, text, action) => shown(dialog => [
  element('h2', { id: 'dialog-title' }, title),
  element('p', {}, text),
  buttons(element('button', { type: 'button', onclick: () => dialog.close() }, 'Back'), element('button', { type: 'submit', class: 'danger' }, action)),
], () => true).then(answer => answer === true);

/** Asks for the access key; promises it. The dialog stays until there is one. */
export async function keyDialog(wasWrong) {
  for (;;) {
    const input = element('input', { type: 'password', autocomplete: 'off', required: true, id: 'key', 'aria-describedby': 'key-note' });
    const given = await shown(() => [
      element('h2', { id: 'dialog-title' }, 'Access key'),
      element('p', { id: 'key-note' }, wasWrong ? 'The server refused that key. ' : 'The server asks for an access key, or a token where it takes some. ', 'It is kept in this tab until it is closed, and sent to this server alone.'),
      element('label', { for: 'key' }, 'Key'), input,
      buttons(element('button', { type: 'submit', class: 'primary' }, 'Go on')),
    ], () => input.value.trim());
    if (given) return given;
  }
}

const buttons = (...children) => element('div', { class: 'buttons' }, ...children);

// A modal dialog; promises the value of what was agreed to, or null.
function shown(contentOf, valueOf) {
  return new Promise(resolve => {
    let value = null;
    const dialog = element('dialog', { 'aria-labelledby': 'dialog-title', onclose: () => { dialog.remove(); resolve(value); } });
    const form = element('form', { method: 'dialog', onsubmit: event => { event.preventDefault(); value = valueOf(); dialog.close(); } }, ...contentOf(dialog));
    dialog.append(form);
    document.body.append(dialog);
    dialog.showModal();
  });
}
