// What a cell costs, by the measures that a reader may choose from.
const all = [
  { field: 'latencyMedian', label: 'median latency', unit: 's' },
  { field: 'latencyP95', label: '95 % latency', unit: 's' },
  { field: 'secondsPerItem', label: 'seconds per item', unit: 's' },
  { field: 'forwardPassesPerItem', label: 'forward passes per item', unit: 'passes' },
  { field: 'pricePerThousandItems', label: 'price of 1,000 items', unit: '' },
  { field: 'steps', label: 'denoising steps', unit: 'steps' },
];

/** A cell's cost by a measure; null where it isn't known. */
export const costOf = (cell, measure) => (measure.field === 'steps' ? cell.steps : cell.cost?.[measure.field]) ?? null;

/** The measures by which at least two cells differ. */
export const measuresOf = report => all
  .filter(measure => new Set(report.cells.map(cell => costOf(cell, measure)).filter(x => x > 0)).size > 1)
  .map(measure => measure.field === 'pricePerThousandItems' ? { ...measure, unit: report.currency ?? '' } : measure);

/** The cells that have a score and a cost, as points: x is the cost, y the score. */
export function pointsOf(report, metric, measure) {
  const points = [];
  for (const cell of report.cells) {
    const score = cell.metrics[metric.name], x = costOf(cell, measure);
    if (score && Number.isFinite(score.score) && x > 0) points.push({ cell, x, y: score.score, low: score.low ?? null, high: score.high ?? null });
  }
  return points.sort((a, b) => a.x - b.x);
}
