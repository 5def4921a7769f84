import { element } from '../dom.js';
import { quantity, score } from '../format.js';
import { draw } from './chart.js';
import { keepDrawn } from './live.js';

/**
 * Draws a section's curves, side by side, in a host element. False: it has none. When the signal, if any, is aborted, the host
 * has been removed.
 */
export function startCurves(host, report, section, signal) {
  const charts = (report.curves ?? []).filter(chart => chart.section === section);
  if (!host || charts.length === 0) return false;
  const row = host.appendChild(element('div', { class: 'charts' }));
  const drawn = charts.map(chart => {
    const plot = element('div', { class: 'plot' });
    row.append(element('figure', {}, element('figcaption', {}, chart.title), plot));
    return draw(plot, {
      title: chart.title, lines: true, xLabel: chart.x, yLabel: chart.y, decimals: chart.decimals,
      series: chart.curves.map(seriesOf),
      textOf: p => `${p.cell.name}\n${chart.y} ${score(p.y, chart.decimals)}\n${chart.x} ${quantity(p.x)}`,
    });
  });
  keepDrawn(() => drawn, signal);
  return true;
}

function seriesOf(curve, index) {
  const name = curve.name || 'all';
  return { name, index, points: curve.points.map(([x, y]) => ({ cell: { name }, x, y, low: null, high: null })) };
}
