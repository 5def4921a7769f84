/** Ticks of a logarithmic axis: the values themselves where they are few whole numbers, else round numbers. */
export function logTicks(values, low, high, most) {
  const distinct = [...new Set(values)].sort((a, b) => a - b);
  if (distinct.length <= 12 && distinct.every(Number.isInteger)) return thin(distinct, low, high, most);
  for (const digits of [[1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 5], [1]]) {
    const ticks = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++)
      for (const digit of digits) {
        const tick = Number(`${digit}e${power}`);
        if (tick >= low && tick <= high) ticks.push(tick);
      }
    if (ticks.length >= 2 && ticks.length <= most) return ticks;
  }
  return thin(distinct, low, high, most);
}

// Leaves out values that would stand closer together than their labels are wide.
function thin(values, low, high, most) {
  const gap = Math.log(high / low) / most, kept = [];
  for (const value of values) if (kept.length === 0 || Math.log(value / kept.at(-1)) >= 0.9 * gap) kept.push(value);
  return kept;
}

/** The range of a logarithmic axis with a little air at both ends. */
export function logRange(values, air) {
  const low = Math.min(...values), high = Math.max(...values);
  const share = (high / low) ** air;
  return [low / share, high * share];
}

/** The range of a linear axis around values and their intervals. */
export function linearRange(points) {
  const ends = points.flatMap(p => [p.y, p.low ?? p.y, p.high ?? p.y]);
  let low = Math.min(...ends), high = Math.max(...ends);
  const air = 0.08 * (high - low) || Math.max(0.05 * Math.abs(high), 0.05);
  const none = low >= 0 && low - air < 0; // scores that can't be negative have no axis below 0
  return [none ? 0 : low - air, high + air];
}
