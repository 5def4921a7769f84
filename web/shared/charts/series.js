// How series look: a colour, a mark and a dash each, so that colour alone never tells them apart.
const colours = 6;
const dashes = [null, [6, 3], [2, 3]];

/** A theme colour, as it is now: light, dark or print. */
export const colour = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** The colour's name of a series. */
export const colourName = index => `s${index % colours}`;

/** The dash of a series' line; null for a solid one. */
export const dash = index => dashes[Math.floor(index / colours) % dashes.length];

/** Adds a series' mark around a point to a canvas path: disc, square, triangle or diamond. */
export function mark(context, index, x, y, radius) {
  const r = radius;
  context.beginPath();
  if (index % 4 === 0) context.arc(x, y, r, 0, 2 * Math.PI);
  else if (index % 4 === 1) context.rect(x - 0.88 * r, y - 0.88 * r, 1.76 * r, 1.76 * r);
  else polygon(context, index % 4 === 2 ? [[0, -1.15], [1.1, 0.85], [-1.1, 0.85]] : [[0, -1.25], [1.25, 0], [0, 1.25], [-1.25, 0]], x, y, r);
}

function polygon(context, corners, x, y, r) {
  corners.forEach(([dx, dy], i) => context[i === 0 ? 'moveTo' : 'lineTo'](x + dx * r, y + dy * r));
  context.closePath();
}

/** The points by series: cells whose settings differ in steps alone lie on one line. */
export function seriesOf(report, points) {
  const names = [...new Set(report.cells.map(cell => cell.series))];
  return names.map((name, index) => ({ name, index, points: points.filter(point => point.cell.series === name) })).filter(s => s.points.length > 0);
}
