import { texts } from '../data.js';

/** The choice that stands for the references in place of a cell. */
export const reference = 'reference';

/** What a side of the comparison has for each item: strings, null where there is nothing, { error } where the item failed. */
export async function textsOf(side) {
  return side === reference ? (await texts('items')).references.map(list => list[0] ?? null) : texts(`texts-${side}`);
}

/** The text to compare; what isn't a text compares as nothing. */
export const plain = text => typeof text === 'string' ? text : '';

/** Whether an item is different on both sides. */
export const differs = (a, b) => typeof a === 'string' && typeof b === 'string' ? a !== b : JSON.stringify(a) !== JSON.stringify(b);
