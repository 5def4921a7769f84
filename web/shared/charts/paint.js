import { colour, colourName, mark } from './series.js';

// What uPlot doesn't draw by itself: intervals, marks, the Pareto line and labels. Coordinates are canvas pixels.
const at = (plot, point) => [plot.valToPos(point.x, 'x', true), plot.valToPos(point.y, 'y', true)];

/** Bands between the ends of the intervals along each series. */
export function bands(plot, series, ratio) {
  const context = plot.ctx;
  for (const { index, points } of series) {
    const known = points.filter(p => p.low !== null && p.high !== null);
    if (known.length < 2) continue;
    context.beginPath();
    for (const p of known) context.lineTo(plot.valToPos(p.x, 'x', true), plot.valToPos(p.high, 'y', true));
    for (const p of known.toReversed()) context.lineTo(plot.valToPos(p.x, 'x', true), plot.valToPos(p.low, 'y', true));
    context.globalAlpha = 0.15;
    context.fillStyle = colour(colourName(index));
    context.fill();
    context.globalAlpha = 1;
  }
  whiskers(plot, series, ratio, 0.45);
}

/** Intervals as thin upright lines. */
export function whiskers(plot, series, ratio, alpha = 0.6) {
  const context = plot.ctx;
  context.globalAlpha = alpha;
  context.lineWidth = 1.25 * ratio;
  context.setLineDash([]);
  for (const { index, points } of series) {
    context.strokeStyle = colour(colourName(index));
    context.beginPath();
    for (const p of points) {
      if (p.low === null || p.high === null) continue;
      const x = plot.valToPos(p.x, 'x', true);
      context.moveTo(x, plot.valToPos(p.low, 'y', true));
      context.lineTo(x, plot.valToPos(p.high, 'y', true));
    }
    context.stroke();
  }
  context.globalAlpha = 1;
}

/** The front as a staircase: nothing known is both cheaper and better than it. */
export function staircase(plot, front, ratio) {
  const context = plot.ctx;
  context.beginPath();
  front.forEach((point, i) => {
    const [x, y] = at(plot, point);
    if (i > 0) context.lineTo(x, at(plot, front[i - 1])[1]);
    context.lineTo(x, y);
  });
  if (front.length > 0) context.lineTo(plot.bbox.left + plot.bbox.width, at(plot, front.at(-1))[1]);
  context.strokeStyle = colour('soft');
  context.lineWidth = 1.25 * ratio;
  context.setLineDash([4 * ratio, 3 * ratio]);
  context.stroke();
  context.setLineDash([]);
}

/** The series' marks; those that are not full are hollow, and those of the chosen cell and of the set rings have a ring. */
export function marks(plot, series, ratio, { full = null, chosen = null, rings = null } = {}) {
  const context = plot.ctx;
  for (const { index, points } of series) {
    for (const point of points) {
      const [x, y] = at(plot, point), ink = colour(colourName(index));
      mark(context, index, x, y, 4.5 * ratio);
      context.fillStyle = full === null || full.has(point.cell) ? ink : colour('ground');
      context.strokeStyle = full === null || full.has(point.cell) ? colour('ground') : ink;
      context.lineWidth = 1.5 * ratio;
      context.fill();
      context.stroke();
      if (point.cell !== chosen && !rings?.has(point)) continue;
      context.beginPath();
      context.arc(x, y, 9 * ratio, 0, 2 * Math.PI);
      context.strokeStyle = colour('ink');
      context.lineWidth = 2 * ratio;
      context.stroke();
    }
  }
}

/** Texts beside points, pushed apart where they would overlap: [{ point, text, ink, side }]. */
export function labels(plot, texts, ratio) {
  const context = plot.ctx, height = 15 * ratio;
  context.font = `${12 * ratio}px ${getComputedStyle(document.body).fontFamily}`;
  context.textBaseline = 'middle';
  const placed = texts.map(text => ({ ...text, where: at(plot, text.point) })).sort((a, b) => a.where[1] - b.where[1]);
  const right = placed.filter(({ side }) => side === 'right');
  right.forEach((label, i) => { label.y = Math.max(label.where[1], i > 0 ? right[i - 1].y + height : -Infinity); });
  right.reduceRight((lowest, label) => { label.y = Math.min(label.y, lowest); return label.y - height; }, plot.bbox.top + plot.bbox.height - height / 2);
  for (const { text, ink, side, where: [x, own], y = own } of placed) {
    context.fillStyle = ink;
    if (side === 'right') {
      context.textAlign = 'left';
      context.fillText(text, x + 10 * ratio, y);
    } else {
      context.textAlign = 'center';
      context.fillText(text, x, y - 17 * ratio);
    }
  }
}
