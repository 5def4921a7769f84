import { get, query } from '../api/client.js';

const mostRuns = 60, mostCells = 5000;

/**
 * The evaluations of a schedule or of a name, the oldest first: [{ job, name, time, cells }], a cell as GET /api/sweeps tells it.
 * The time is the one that the run was scheduled for, else the one at which it ended.
 */
export async function runsOf(by, name, signal) {
  const cells = by === 'schedule' ? await ofSchedule(name, signal) : (await get(`/sweeps${query({ name, limit: mostCells })}`, signal)).cells;
  const runs = new Map();
  for (const cell of cells) {
    if (!runs.has(cell.job)) runs.set(cell.job, { job: cell.job, name: cell.name, time: cell.time ?? cell.finishedAt, cells: [] });
    runs.get(cell.job).cells.push(cell);
  }
  return [...runs.values()].slice(0, mostRuns).sort((a, b) => new Date(a.time) - new Date(b.time));
}

// Names of a schedule's jobs may hold the run's date, so that its jobs are asked for one by one.
async function ofSchedule(schedule, signal) {
  const { jobs } = await get(`/jobs${query({ schedule, kind: 'evaluate', children: true, limit: mostRuns })}`, signal);
  // A server that knows no schedules passes the filter over.
  const own = jobs.filter(job => job.schedule === schedule && job.state.startsWith('completed'));
  const lists = await Promise.all(own.map(async job => (await get(`/sweeps?job=${job.id}`, signal)).cells.map(cell => ({ ...cell, time: job.scheduledFor }))));
  return lists.flat();
}

/** The metrics that the runs have, by name, with the decimals that mean something on their scale. */
export function metricsOf(runs) {
  const largest = new Map();
  for (const { cells } of runs)
    for (const { metrics } of cells)
      for (const [name, { score }] of Object.entries(metrics))
        if (Number.isFinite(score)) largest.set(name, Math.max(largest.get(name) ?? 0, Math.abs(score)));
  return [...largest].map(([name, size]) => ({ name, decimals: size > 2 ? 2 : 4 }));
}

/** Each cell's scores of a metric over the runs: [{ cell, points }], a point { x, y, low, high, cell, run, change }. */
export function seriesOf(runs, metric) {
  const names = [...new Set(runs.flatMap(run => run.cells.map(cell => cell.cell)))];
  return names.map(cell => {
    const points = [];
    for (const run of runs) {
      const value = run.cells.find(one => one.cell === cell)?.metrics[metric];
      if (!Number.isFinite(value?.score)) continue;
      const point = { x: new Date(run.time) / 1000, y: value.score, low: value.low ?? null, high: value.high ?? null, cell: { cell }, run };
      points.push({ ...point, change: changeOf(points.at(-1), point) });
    }
    return { cell, points };
  }).filter(series => series.points.length > 0);
}

/**
 * What changed from one run to the next beyond its intervals: 1 where the score rose, -1 where it fell, so far that the
 * intervals have nothing in common; else 0. Scores without intervals tell no change.
 */
export function changeOf(before, now) {
  if (!before || before.low === null || now.low === null) return 0;
  return now.low > before.high ? 1 : now.high < before.low ? -1 : 0;
}
