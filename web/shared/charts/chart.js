import uPlot from 'uplot';
import { element } from '../dom.js';
import { quantity, score } from '../format.js';
import { colour, colourName, dash } from './series.js';
import { linearRange, logRange, logTicks, timeRange } from './ticks.js';
import { bands, labels, marks, staircase, whiskers } from './paint.js';
import { tooltip } from './tooltip.js';

const mostNamed = 12; // names that have room beside the lines' ends
const height = 300, paper = { width: 330, height: 230 }; // on paper two charts stand side by side

/**
 * Draws points into a host element, on a logarithmic x-axis, or on one of times (seconds since 1970) where spec.time says so.
 * spec: { title, xLabel, yLabel, decimals, series, lines, front, chosen, rings, time, figures, textOf }; with lines, the points
 * of a series are joined and its intervals are a band; with a front, they are a scatter with the Pareto line; rings is a set of
 * points with a ring; figures says where the figures stand in words; textOf what a point is, in place of the usual text.
 * Answers functions: draw again, be as small as on paper or not, and end.
 */
export function draw(host, spec) {
  const ratio = globalThis.chartPixelRatio, points = spec.series.flatMap(s => s.points).sort((a, b) => a.x - b.x);
  const several = spec.series.length > 1, width = () => Math.max(240, host.clientWidth);
  const named = several && spec.lines && width() >= 420 && spec.series.length <= mostNamed;
  const plot = new uPlot({
    width: width(), height,
    padding: [22, named ? 14 + labelWidth(spec.series) : 16, 0, 0],
    cursor: { show: false }, legend: { show: false },
    scales: {
      x: spec.time ? { time: true, range: () => timeRange(points.map(p => p.x)) } : { time: false, distr: 3, log: 2, range: () => logRange(points.map(p => p.x), 0.06) },
      y: { range: () => linearRange(points) },
    },
    axes: [
      spec.time ? axis({ size: 44, grid: { show: false } }) : axis({ label: spec.xLabel, labelSize: 26, size: 34, splits: (u, _, low, high) => logTicks(points.map(p => p.x), { low, high, room: u.bbox.width / ratio, widthOf: tick => textWidth(quantity(tick)) }), filter: (_, splits) => splits, values: (_, splits) => splits.map(quantity), grid: { show: false } }),
      axis({ size: 50, values: (_, splits) => splits.map(v => String(Number(v.toFixed(6)))) }),
    ],
    series: [{}, ...spec.series.map(s => ({
      stroke: () => colour(colourName(s.index)), width: spec.lines ? 2 : 0, dash: dash(s.index) ?? undefined, spanGaps: true, points: { show: false },
    }))],
    hooks: { drawAxes: [plot => under(plot, spec, ratio)], draw: [plot => over(plot, spec, ratio, named)] },
  }, columns(points, spec.series), host);
  const canvas = plot.root.querySelector('canvas');
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', `${spec.title}. The figures are in ${spec.figures ?? 'the table of cells'}.`);
  if (several && !named) host.append(legend(spec.series));
  tooltip(plot, points, spec.textOf ?? (p => `${p.cell.cell}\n${spec.yLabel} ${score(p.y, spec.decimals)}${p.low === null ? '' : ` (${score(p.low, spec.decimals)} to ${score(p.high, spec.decimals)})`}\n${spec.xLabel} ${quantity(p.x)}`));
  const resize = new ResizeObserver(() => { if (Math.abs(width() - plot.width) > 1) plot.setSize({ width: width(), height }); });
  resize.observe(host);
  return { redraw: () => plot.redraw(false, true), print: on => plot.setSize(on ? paper : { width: width(), height }), end: () => { resize.disconnect(); plot.destroy(); host.replaceChildren(); } };
}

const axis = settings => ({
  font: `12px ${getComputedStyle(document.body).fontFamily}`, labelFont: `12px ${getComputedStyle(document.body).fontFamily}`,
  stroke: () => colour('soft'), grid: { stroke: () => colour('line'), width: 1 }, ticks: { stroke: () => colour('line'), width: 1, size: 5 }, ...settings,
});

// uPlot wants one x for all series: a row a point, where only the point's own series has a value.
const columns = (points, series) => [points.map(p => p.x), ...series.map(s => points.map(p => s.points.includes(p) ? p.y : null))];

function under(plot, spec, ratio) {
  plot.ctx.save();
  if (spec.lines) bands(plot, spec.series, ratio);
  else whiskers(plot, spec.series, ratio);
  if (spec.front) staircase(plot, spec.front, ratio);
  plot.ctx.restore();
}

function over(plot, spec, ratio, named) {
  plot.ctx.save();
  marks(plot, spec.series, ratio, { full: spec.front && spec.front.length > 0 ? new Set(spec.front.map(p => p.cell)) : null, chosen: spec.chosen, rings: spec.rings });
  if (named) labels(plot, spec.series.map(s => ({ point: s.points.at(-1), text: s.name, ink: colour(colourName(s.index)), side: 'right' })), ratio);
  if (spec.front) labels(plot, spec.front.filter(p => p.cell.steps !== null).map(p => ({ point: p, text: quantity(p.cell.steps), ink: colour('ink'), side: 'above' })), ratio);
  plot.ctx.restore();
}

const measure = document.createElement('canvas').getContext('2d');

function textWidth(text) {
  measure.font = `12px ${getComputedStyle(document.body).fontFamily}`;
  return measure.measureText(text).width;
}

const labelWidth = series => Math.min(180, Math.max(...series.map(s => textWidth(s.name))));

const legend = series => element('ul', { class: 'legend' }, ...series.map(s => element('li', { style: `--c:var(--${colourName(s.index)})` }, s.name)));
