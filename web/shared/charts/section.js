import { choice, element, labelled } from '../dom.js';
import { cheapestSentence, firstTolerance } from './cheapest.js';
import { draw } from './chart.js';
import { keepDrawn } from './live.js';
import { measuresOf, pointsOf } from './measures.js';
import { paretoFront } from './pareto.js';
import { seriesOf } from './series.js';

/**
 * Quality against steps, quality against cost, and the cheapest setting that is good enough, in a host element. False: there
 * is nothing to be drawn, because no measure tells two cells apart or nothing was scored. When the signal, if any, is aborted,
 * the host has been removed.
 */
export function startCharts(host, report, signal) {
  const measures = measuresOf(report), steps = measures.find(m => m.field === 'steps');
  if (!host || measures.length === 0 || report.metrics.length === 0) return false;
  const state = { metric: report.metrics[0], measure: measures[0], tolerance: firstTolerance(report.metrics[0]) };
  const metricChoice = choice(report.metrics.map(m => [m.name, m.name]), name => {
    state.metric = report.metrics.find(m => m.name === name);
    tolerance.value = state.tolerance = firstTolerance(state.metric);
    tolerance.step = state.tolerance / 10;
    show();
  });
  const measureChoice = choice(measures.map(m => [m.field, m.label]), field => { state.measure = measures.find(m => m.field === field); show(); });
  const tolerance = element('input', { type: 'number', min: 0, step: state.tolerance / 10, value: state.tolerance, class: 'tolerance', oninput: () => { state.tolerance = Math.max(0, Number(tolerance.value) || 0); show(); } });
  const sentence = element('p', { class: 'finding', role: 'status' });
  const left = figure(), right = figure();
  host.append(
    element('div', { class: 'controls' }, labelled('metric', metricChoice), labelled('cost', measureChoice), labelled('the cheapest within', tolerance), element('span', { class: 'after' }, 'of the best')),
    sentence,
    element('div', { class: 'charts' }, steps ? left.root : null, right.root));

  let drawn = [];
  function show() {
    for (const chart of drawn) chart.end();
    drawn = [];
    const points = pointsOf(report, state.metric, state.measure), finding = cheapestSentence(points, state.metric, state.measure, state.tolerance);
    sentence.replaceChildren(...finding.sentence);
    if (steps) drawn.push(chartOf(left, steps, true));
    drawn.push(chartOf(right, state.measure, false));

    function chartOf(target, measure, lines) {
      const own = pointsOf(report, state.metric, measure), title = `${state.metric.name} against ${measure.label}`;
      target.caption.textContent = title;
      return draw(target.host, {
        title, lines, xLabel: measure.unit && measure.unit !== 'steps' && measure.unit !== 'passes' ? `${measure.label} (${measure.unit})` : measure.label, yLabel: state.metric.name, decimals: state.metric.decimals,
        series: seriesOf(report, own), front: lines ? null : paretoFront(own, state.metric), chosen: finding.cell,
      });
    }
  }
  show();

  keepDrawn(() => drawn, signal);
  return true;
}

function figure() {
  const caption = element('figcaption'), host = element('div', { class: 'plot' });
  return { root: element('figure', {}, caption, host), caption, host };
}
