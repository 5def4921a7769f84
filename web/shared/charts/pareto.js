/** 1 where the higher score is the better one, -1 where the lower, 0 where neither is. */
export const direction = metric => ({ higher: 1, lower: -1 })[metric.better] ?? 0;

/** The points that no other point beats in both cost and quality, from the cheapest to the best. */
export function paretoFront(points, metric) {
  const sign = direction(metric), front = [];
  if (sign === 0) return front;
  for (const point of [...points].sort((a, b) => a.x - b.x || sign * (b.y - a.y)))
    if (front.length === 0 || sign * (point.y - front.at(-1).y) > 0) front.push(point);
  return front;
}

/** The best point, and the cheapest one that is within a tolerance of it; null where no score is better than another. */
export function cheapestWithin(points, metric, tolerance) {
  const front = paretoFront(points, metric);
  if (front.length === 0) return null;
  const sign = direction(metric), best = front.at(-1);
  // Cents of rounding shouldn't decide what is "within 1.00".
  return { best, cheapest: front.find(point => sign * (best.y - point.y) <= tolerance + 1e-9) };
}
