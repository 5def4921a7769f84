/** The choice that stands for the references in place of a cell. */
export const reference = 'reference';

/** The text to compare; what isn't a text compares as nothing. */
export const plain = text => typeof text === 'string' ? text : '';

/** Whether an item is different on both sides. */
export const differs = (a, b) => typeof a === 'string' && typeof b === 'string' ? a !== b : JSON.stringify(a) !== JSON.stringify(b);
