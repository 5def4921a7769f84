import { element } from '../../shared/dom.js';

/**
 * A field for a text with its lines numbered, where problems are marked at their lines. Tab leaves the field, as everywhere.
 * oninput is called after each change.
 */
export function editor(text, oninput) {
  const field = element('textarea', { id: 'manifest', 'aria-label': 'Manifest', spellcheck: 'false', autocapitalize: 'off', autocomplete: 'off', wrap: 'off', rows: 18 });
  const numbers = element('div', { class: 'numbers', 'aria-hidden': 'true' });
  let wrong = new Map();
  field.value = text;
  field.addEventListener('input', () => { draw(); oninput(); });
  field.addEventListener('scroll', () => { numbers.scrollTop = field.scrollTop; });

  function draw() {
    const lines = field.value.split('\n').length;
    numbers.replaceChildren(...Array.from({ length: lines }, (_, i) => element('span', { class: wrong.has(i + 1) ? 'line wrong' : 'line', title: wrong.get(i + 1) ?? null }, `${i + 1}`)));
  }

  draw();
  return {
    root: element('div', { class: 'editor' }, numbers, field),
    value: () => field.value,
    focus: () => field.focus(),
    /** Marks the lines of problems. */
    mark(problems) {
      wrong = new Map();
      for (const { line, message } of problems) if (line) wrong.set(line, wrong.has(line) ? `${wrong.get(line)}\n${message}` : message);
      field.setAttribute('aria-invalid', String(problems.length > 0));
      draw();
    },
    /** Puts the cursor where a problem is. */
    goTo({ line, column }) {
      const before = field.value.split('\n').slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0), at = before + (column ?? 1) - 1;
      field.focus();
      field.setSelectionRange(at, Math.min(field.value.length, at + 1));
      field.scrollTop = Math.max(0, (line - 4) * parseFloat(getComputedStyle(field).lineHeight));
    },
  };
}
