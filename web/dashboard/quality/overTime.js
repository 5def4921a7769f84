import { draw } from '../../shared/charts/chart.js';
import { choice, element, labelled } from '../../shared/dom.js';
import { counted, score, unknown } from '../../shared/format.js';
import { note } from '../parts/notices.js';
import { moment } from '../parts/time.js';
import { metricsOf, runsOf, seriesOf } from './runs.js';

const mostSeries = 6; // that a chart can tell apart at a glance

/** The quality of a schedule's runs, or of all evaluations of a name, over time; what changed beyond its intervals is marked. */
export async function overTime({ host, params: { by, name }, signal, title }) {
  title(`${name}: quality over time`);
  const runs = await runsOf(by, name, signal), metrics = metricsOf(runs);
  host.append(element('p', { class: 'crumbs' }, element('a', { href: '#/quality' }, 'Quality'), ' / ', by === 'schedule' ? 'schedule' : 'evaluations'), element('h1', {}, name));
  if (runs.length === 0 || metrics.length === 0) {
    host.append(note(by === 'schedule' ? 'No run of this schedule has been evaluated yet, or this server has no schedules.' : 'No evaluation of this name has been completed.'));
    return;
  }
  const cells = [...new Set(runs.flatMap(run => run.cells.map(cell => cell.cell)))];
  const state = { metric: metrics[0], cell: cells.length > mostSeries ? cells.at(-1) : '' };
  const metricChoice = choice(metrics.map(metric => [metric.name, metric.name]), value => { state.metric = metrics.find(metric => metric.name === value); show(); });
  const cellChoice = choice([['', cells.length > mostSeries ? `the first ${mostSeries}` : 'all'], ...cells.map(cell => [cell, cell])], value => { state.cell = value; show(); });
  cellChoice.value = state.cell;
  const finding = element('div', { class: 'finding', role: 'status' }), caption = element('figcaption'), plot = element('div', { class: 'plot' }), table = element('div', { class: 'scroll', role: 'region', tabindex: 0, 'aria-label': 'Table of runs' });
  host.append(
    note(`${counted(runs.length, 'run')}. Bands are 95 % intervals; a ring marks a run whose interval has nothing in common with that of the run before.`),
    element('div', { class: 'controls' }, labelled('metric', metricChoice), cells.length > 1 ? labelled('cell', cellChoice) : null),
    finding, element('figure', {}, caption, plot), element('h2', {}, 'Runs'), table);

  let drawn = null;
  function show() {
    drawn?.end();
    const { metric } = state, every = seriesOf(runs, metric.name), shown = state.cell ? every.filter(s => s.cell === state.cell) : every.slice(0, mostSeries);
    const changes = every.flatMap(series => series.points.filter(point => point.change !== 0));
    caption.textContent = `${metric.name} over time`;
    drawn = draw(plot, {
      title: `${metric.name} over time`, lines: true, time: true, yLabel: metric.name, decimals: metric.decimals, figures: 'the table of runs',
      series: shown.map((series, index) => ({ name: series.cell, index, points: series.points })), rings: new Set(changes),
      textOf: p => `${p.cell.cell}, ${moment(p.run.time)}\n${metric.name} ${score(p.y, metric.decimals)}${p.low === null ? '' : ` (${score(p.low, metric.decimals)} to ${score(p.high, metric.decimals)})`}${p.change === 0 ? '' : p.change > 0 ? '\nrose beyond its interval' : '\nfell beyond its interval'}`,
    });
    finding.replaceChildren(...findings(changes, metric, every));
    table.replaceChildren(runTable(runs, metric, every));
  }
  show();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => drawn.redraw(), { signal });
  signal.addEventListener('abort', () => drawn.end());
}

function findings(changes, metric, every) {
  if (!every.some(series => series.points.length > 1)) return [element('p', {}, 'One run so far: nothing to compare it with.')];
  if (!every.some(series => series.points.some(point => point.low !== null))) return [element('p', {}, `${metric.name} has no intervals, so that no change can be told from chance.`)];
  if (changes.length === 0) return [element('p', {}, `No run's ${metric.name} changed beyond its interval.`)];
  const byRun = Map.groupBy(changes, point => point.run), latest = [...byRun].sort(([a], [b]) => new Date(b.time) - new Date(a.time)).slice(0, 5);
  return [
    element('p', {}, element('strong', {}, `${counted(byRun.size, 'run')} changed beyond the intervals`), byRun.size > latest.length ? ', the latest:' : ':'),
    element('ul', {}, ...latest.map(([run, points]) => element('li', {}, element('a', { href: `#/jobs/${run.job}/quality` }, moment(run.time)), ': ', ...describe(points, metric))))];
}

// The first cell in figures, the others by their number.
function describe(points, metric) {
  const [first] = points, more = points.length - 1, alike = points.every(point => point.change === first.change);
  return [
    `${metric.name} `, element('strong', { class: first.change > 0 ? 'rose' : 'fell' }, first.change > 0 ? 'rose' : 'fell'),
    ` to ${score(first.y, metric.decimals)} (${score(first.low, metric.decimals)} to ${score(first.high, metric.decimals)}) in ${first.cell.cell}`,
    more === 0 ? '' : ` and ${alike ? 'so in' : 'changed in'} ${more === 1 ? points[1].cell.cell : `${more} more cells`}`];
}

function runTable(runs, metric, every) {
  const at = (series, run) => series.points.find(point => point.run === run);
  const value = (series, run) => {
    const point = at(series, run);
    if (!point) return element('td', {}, unknown);
    return element('td', {}, score(point.y, metric.decimals), point.change === 0 ? null : element('strong', { class: point.change > 0 ? 'rose' : 'fell', title: 'beyond its interval' }, point.change > 0 ? ' ▲' : ' ▼'),
      point.change === 0 ? null : element('span', { class: 'unseen' }, point.change > 0 ? ' rose' : ' fell'),
      point.low === null ? null : element('span', { class: 'range' }, `${score(point.low, metric.decimals)} to ${score(point.high, metric.decimals)}`));
  };
  return element('table', { class: 'runs' },
    element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, 'run'), ...every.map(series => element('th', { scope: 'col' }, series.cell)))),
    element('tbody', {}, ...runs.toReversed().map(run => element('tr', {},
      element('th', { scope: 'row' }, element('a', { href: `#/jobs/${run.job}/quality` }, moment(run.time))), ...every.map(series => value(series, run))))));
}
