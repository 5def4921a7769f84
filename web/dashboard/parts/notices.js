import { element } from '../../shared/dom.js';

/** A note that isn't an error. */
export const note = (...content) => element('p', { class: 'note' }, ...content);

/** What went wrong, with what stands in its way listed. */
export function failure(error, retry) {
  return element('div', { class: 'failure', role: 'alert' },
    element('strong', {}, error.title ?? 'The server can\'t be reached'),
    element('p', {}, error.title ? error.message : `${error.message}. Is it running?`),
    retry ? element('button', { type: 'button', onclick: retry }, 'Try again') : null);
}

/** Problems of a manifest or an input, a row each: where, and what. */
export function problemTable(problems, onplace) {
  return element('ul', { class: 'problems' }, ...problems.map(problem => {
    const place = [problem.line ? `line ${problem.line}${problem.column ? `, column ${problem.column}` : ''}` : null, problem.pointer || null].filter(Boolean).join(' · ');
    return element('li', {},
      onplace && problem.line ? element('button', { type: 'button', class: 'place', onclick: () => onplace(problem) }, place)
        : element('span', { class: 'place' }, [problem.file === 'manifest' && onplace ? null : problem.file, place].filter(Boolean).join(': ') || 'manifest'),
      element('span', {}, problem.message));
  }));
}

/** Says something to readers of the screen, and shows it for a while. */
export function announce(text) {
  const toast = document.querySelector('.toast') ?? document.body.appendChild(element('div', { class: 'toast', role: 'status' }));
  toast.textContent = text;
  toast.classList.add('shown');
  clearTimeout(announce.timer);
  announce.timer = setTimeout(() => toast.classList.remove('shown'), 5000);
}
