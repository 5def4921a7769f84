import { element } from '../../shared/dom.js';
import { count } from '../../shared/format.js';
import { hasEnded } from './state.js';

/** How far a job is, as a bar with its figures; null where nothing can be told. */
export function progressBar(job) {
  const share = shareOf(job);
  if (share === null) return null;
  const percent = Math.floor(100 * share), text = figures(job);
  return element('div', { class: 'progress' },
    element('div', { class: 'track', role: 'progressbar', 'aria-label': `Progress of ${job.name}`, 'aria-valuenow': percent, 'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-valuetext': `${percent} %` },
      element('div', { class: job.items?.errored > 0 || job.state === 'failed' ? 'fill flawed' : 'fill', style: `width:${100 * share}%` })),
    element('span', { class: 'figures' }, text === null ? `${percent} %` : `${text}`));
}

/** The share of a job that is done, 0 to 1; null where it isn't known. A pipeline's is that of its jobs. */
export function shareOf(job) {
  if (job.jobs) {
    const shares = job.jobs.map(child => child.state.startsWith('completed') ? 1 : shareOf(child) ?? 0);
    return shares.length === 0 ? null : shares.reduce((sum, share) => sum + share, 0) / shares.length;
  }
  const { done, total } = job.progress ?? {};
  if (total > 0) return Math.min(1, done / total);
  if (job.items?.total > 0 && (hasEnded(job) || job.items.succeeded + job.items.errored > 0)) return Math.min(1, (job.items.succeeded + job.items.errored) / job.items.total);
  return null;
}

function figures(job) {
  if (job.jobs) return `${job.jobs.filter(child => child.state.startsWith('completed')).length} of ${job.jobs.length} jobs`;
  if (job.progress?.total > 0) return `${count(job.progress.done)} / ${count(job.progress.total)} ${job.progress.unit ?? ''}`.trim();
  return job.items ? `${count(job.items.succeeded + job.items.errored)} / ${count(job.items.total)} items` : null;
}
