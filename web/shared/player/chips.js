import { element } from '../dom.js';

const bins = 5;

/** The slots of a frame as chips coloured by confidence. Chips of one word touch. */
export function chips(frame, textOf) {
  return frame.map((slot, position) => {
    if (slot.id === null) {
      const was = slot.state === 'masked' ? textOf(slot.was).trim() : null;
      return element('span', { class: slot.state === 'masked' ? 'chip mask again' : 'chip mask', title: was === null ? `slot ${position}: a mask` : `slot ${position}: “${was}” was masked again` },
        was === null ? element('span', { class: 'unseen' }, 'mask') : element('s', {}, was));
    }
    const text = textOf(slot.id), shown = text.trim() === '' ? '␣' : text.trim();
    const classes = ['chip', `c${Math.min(bins - 1, Math.floor(slot.p * bins))}`, slot.state === 'kept' ? '' : slot.state, /^\s/.test(text) || position === 0 ? '' : 'joined'];
    return element('span', { class: classes.filter(Boolean).join(' '), dir: 'auto', title: `slot ${position}: “${shown}”, probability ${slot.p.toFixed(2)}, written at step ${slot.step}` }, shown);
  });
}

/** What the colours and borders mean. */
export const legend = () => element('ul', { class: 'chip-legend', 'aria-label': 'Legend' },
  ...['0–0.2', '0.2–0.4', '0.4–0.6', '0.6–0.8', '0.8–1'].map((range, i) => element('li', {}, element('span', { class: `chip c${i}` }, range))),
  element('li', { class: 'gap' }, element('span', { class: 'chip c2 new' }, 'new')),
  element('li', {}, element('span', { class: 'chip c2 changed' }, 'changed')),
  element('li', {}, element('span', { class: 'chip mask again' }, element('s', {}, 'masked again'))),
  element('li', {}, element('span', { class: 'chip mask' }, element('span', { class: 'unseen' }, 'mask')), ' mask'));
