import { tokens } from './tokens.js';

const mostCells = 400_000; // of the table; longer texts are marked from their first to their last difference

/** Which tokens of two texts have no partner in the other, by a longest common subsequence: [parts of a, parts of b], each part { text, differs }. */
export function diff(a, b) {
  const left = tokens(a), right = tokens(b);
  let start = 0, end = 0;
  while (start < left.length && start < right.length && left[start].text === right[start].text) start++;
  while (end < left.length - start && end < right.length - start && left.at(-1 - end).text === right.at(-1 - end).text) end++;
  const middleLeft = left.slice(start, left.length - end), middleRight = right.slice(start, right.length - end);
  const kept = middleLeft.length * middleRight.length <= mostCells ? common(middleLeft, middleRight) : { left: new Set(), right: new Set() };
  return [parts(a, left, start, end, kept.left), parts(b, right, start, end, kept.right)];
}

/** The places of a longest common subsequence in both. */
function common(a, b) {
  const width = b.length + 1, lengths = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      lengths[i * width + j] = a[i].text === b[j].text ? lengths[(i + 1) * width + j + 1] + 1 : Math.max(lengths[(i + 1) * width + j], lengths[i * width + j + 1]);
  const left = new Set(), right = new Set();
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i].text === b[j].text) { left.add(i++); right.add(j++); }
    else if (lengths[(i + 1) * width + j] >= lengths[i * width + j + 1]) i++;
    else j++;
  }
  return { left, right };
}

/** A text cut into what is common and what differs; neighbours that differ are one part. */
function parts(text, all, start, end, kept) {
  const found = [];
  let at = 0;
  const push = (to, differs) => { if (to > at) found.push({ text: text.slice(at, to), differs }); at = to; };
  for (let i = start; i < all.length - end; i++) {
    if (kept.has(i - start)) continue;
    let last = i;
    while (last + 1 < all.length - end && !kept.has(last + 1 - start)) last++;
    push(all[i].start, false);
    push(all[last].end, true);
    i = last;
  }
  push(text.length, false);
  return found;
}
