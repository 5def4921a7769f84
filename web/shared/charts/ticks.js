/**
 * Ticks of a logarithmic axis: the values themselves where they are few whole numbers, else round numbers; as many as have
 * room for their labels side by side.
 * axis: { low, high, room, widthOf }: the ends, the pixels between them, and a tick's label's width in pixels.
 */
export function logTicks(values, axis) {
  const distinct = [...new Set(values)].sort((a, b) => a - b);
  if (distinct.length <= 12 && distinct.every(Number.isInteger)) return thin(distinct, axis);
  for (const digits of [[1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 5], [1, 3], [1]]) {
    const ticks = [];
    for (let power = Math.floor(Math.log10(axis.low)); power <= Math.ceil(Math.log10(axis.high)); power++)
      for (const digit of digits) {
        const tick = Number(`${digit}e${power}`);
        if (tick >= axis.low && tick <= axis.high) ticks.push(tick);
      }
    if (ticks.length >= 2 && thin(ticks, axis).length === ticks.length) return ticks;
  }
  return thin(distinct, axis);
}

const gap = 8; // pixels between two labels

// Leaves out values whose labels would run into the one before them.
function thin(values, { low, high, room, widthOf }) {
  const place = value => room * Math.log(value / low) / Math.log(high / low), kept = [];
  for (const value of values)
    if (kept.length === 0 || place(value) - place(kept.at(-1)) >= gap + (widthOf(value) + widthOf(kept.at(-1))) / 2) kept.push(value);
  return kept;
}

/** The range of a logarithmic axis with a little air at both ends. */
export function logRange(values, air) {
  const low = Math.min(...values), high = Math.max(...values);
  const share = (high / low) ** air;
  return [low / share, high * share];
}

/** The range of an axis of times, in seconds, with a little air at both ends. */
export function timeRange(values) {
  const low = Math.min(...values), high = Math.max(...values), air = 0.04 * (high - low) || 43_200;
  return [low - air, high + air];
}

/** The range of a linear axis around values and their intervals. */
export function linearRange(points) {
  const ends = points.flatMap(p => [p.y, p.low ?? p.y, p.high ?? p.y]);
  let low = Math.min(...ends), high = Math.max(...ends);
  const air = 0.08 * (high - low) || Math.max(0.05 * Math.abs(high), 0.05);
  const none = low >= 0 && low - air < 0; // scores that can't be negative have no axis below 0
  return [none ? 0 : low - air, high + air];
}
