import { element } from '../dom.js';
import { diff } from './diff.js';
import { plain } from './texts.js';

/** One item: source, references and the two sides with their differences marked. */
export function row(item, a, b, onplay) {
  const [left, right] = typeof a.text === 'string' && typeof b.text === 'string' ? diff(a.text, b.text) : [null, null];
  return element('article', { class: 'item' },
    element('h3', {}, item.id, onplay ? element('button', { type: 'button', class: 'quiet', onclick: onplay }, 'watch it denoise') : null),
    element('dl', {},
      ...item.source === null ? [] : entry('source', item.source),
      ...item.references.filter((_, i) => i > 0 || a.isReference + b.isReference === 0).flatMap(text => entry('reference', text)),
      ...side(a, left, 'a', item), ...side(b, right, 'b', item)));
}

const entry = (name, ...content) => [element('dt', {}, name), element('dd', { dir: 'auto' }, ...content)];

function side({ name, text, isReference }, parts, mark, item) {
  if (text === null) return entry(name, element('span', { class: 'missing' }, 'no prediction'));
  if (typeof text !== 'string') return entry(name, element('span', { class: 'error' }, `error: ${text.error}`));
  const content = (parts ?? [{ text: plain(text), differs: false }]).map(part => part.differs ? element('mark', { class: mark }, part.text) : part.text);
  if (text === '') content.push(element('span', { class: 'missing' }, 'an empty text'));
  else if (!isReference && item.references.includes(text)) content.push(element('span', { class: 'same' }, '= reference'));
  return entry(name, ...content);
}
