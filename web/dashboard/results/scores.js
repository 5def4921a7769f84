import { direction } from '../../shared/charts/pareto.js';
import { element } from '../../shared/dom.js';
import { quantity, score, unknown } from '../../shared/format.js';
import { makeSortable } from '../../shared/table.js';

const costs = [['forwardPassesPerItem', 'passes / item'], ['secondsPerItem', 's / item'], ['latencyMedian', 'median s'], ['latencyP95', 'p95 s'], ['pricePerThousandItems', 'price of 1,000']];

/** The cells of a report with their scores, the best of each in bold, and their cost; each column sorts. */
export function scoreTable(report) {
  const known = costs.filter(([field]) => report.cells.some(cell => Number.isFinite(cell.cost?.[field])));
  const best = new Map(report.metrics.map(metric => [metric.name, bestOf(report, metric)]));
  const table = element('table', { class: 'sortable' },
    element('thead', {}, element('tr', {}, ...['cell', ...report.metrics.map(m => m.name), ...known.map(([, name]) => name)].map(name => element('th', { scope: 'col' }, name)))),
    element('tbody', {}, ...report.cells.map(cell => element('tr', {},
      element('th', { scope: 'row' }, cell.cell),
      ...report.metrics.map(metric => scoreCell(cell.metrics[metric.name], metric, best.get(metric.name))),
      ...known.map(([field]) => element('td', { 'data-value': cell.cost?.[field] }, quantity(cell.cost?.[field])))))));
  makeSortable(table);
  return element('div', { class: 'scroll', role: 'region', tabindex: 0, 'aria-label': 'Table of cells' }, table);
}

function scoreCell(value, metric, best) {
  if (!value || !Number.isFinite(value.score)) return element('td', {}, unknown);
  const text = score(value.score, metric.decimals);
  return element('td', { 'data-value': value.score }, value.score === best ? element('strong', {}, text) : text,
    Number.isFinite(value.low) ? element('span', { class: 'range' }, `${score(value.low, metric.decimals)} to ${score(value.high, metric.decimals)}`) : null);
}

function bestOf(report, metric) {
  const scores = report.cells.map(cell => cell.metrics[metric.name]?.score).filter(Number.isFinite), sign = direction(metric);
  return scores.length < 2 || sign === 0 ? null : sign * Math.max(...scores.map(value => sign * value));
}
