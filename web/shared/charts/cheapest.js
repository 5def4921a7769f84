import { element } from '../dom.js';
import { measured, quantity, score } from '../format.js';
import { cheapestWithin } from './pareto.js';

/** The sentence on the cheapest setting within a tolerance of the best one, and the cell it names. */
export function cheapestSentence(points, metric, measure, tolerance) {
  const found = cheapestWithin(points, metric, tolerance);
  if (found === null) return { cell: null, sentence: [`Of ${metric.name} neither end is better: there is no best setting.`] };
  const { best, cheapest } = found, strong = text => element('strong', {}, text);
  const cost = point => measured(point.x, measure.unit);
  const reaches = [strong(cheapest.cell.cell), ` reaches ${metric.name} `, strong(score(cheapest.y, metric.decimals)), ` at ${cost(cheapest)} (${measure.label})`];
  if (cheapest.cell === best.cell) return { cell: cheapest.cell, sentence: [...reaches, ': it is the best, and nothing cheaper comes so near.'] };
  const away = Math.abs(best.y - cheapest.y), times = best.x / cheapest.x;
  return {
    cell: cheapest.cell,
    sentence: [...reaches, `, ${score(away, metric.decimals)} from the best, which is ${best.cell.cell} with ${score(best.y, metric.decimals)} at ${cost(best)}: `, strong(`${quantity(times)} times as cheap`), '.'],
  };
}

/** The tolerance to begin with: a point on a scale to 100, a hundredth on one to 1. */
export const firstTolerance = metric => metric.decimals > 2 ? 0.01 : 1;
