import { element } from '../../shared/dom.js';
import { count, counted } from '../../shared/format.js';
import { hasEnded } from '../parts/state.js';
import { duration, moment } from '../parts/time.js';

/** What is known of a job, in pairs; the estimate beside what it took. */
export function facts(job) {
  const pairs = [
    ['items', job.items ? itemsOf(job.items) : null],
    ['tasks', job.tasks ? Object.entries(job.tasks).map(([state, n]) => `${count(n)} ${state}`).join(', ') : null],
    [hasEnded(job) ? 'took' : 'so far', job.seconds === undefined ? null : timeOf(job)],
    ['submitted', moment(job.createdAt)],
    ['started', job.startedAt ? moment(job.startedAt) : null],
    ['ended', job.finishedAt ? moment(job.finishedAt) : null],
    ['expires', job.expiresAt && !hasEnded(job) ? moment(job.expiresAt) : null],
    ['schedule', job.schedule ? element('a', { href: `#/quality/schedule/${encodeURIComponent(job.schedule)}` }, job.schedule) : null],
    ['scheduled for', job.scheduledFor ? moment(job.scheduledFor) : null],
    ['priority', job.priority],
    ['output', job.output ? element('code', {}, job.output) : null],
    ['needs', job.needs ? element('span', {}, ...job.needs.flatMap((id, i) => [i > 0 ? ', ' : '', element('a', { href: `#/jobs/${id}` }, id.slice(-8))])) : null],
    ['id', element('code', {}, job.id)],
  ];
  return element('dl', { class: 'facts' }, ...pairs.filter(([, value]) => value !== null).map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value))));
}

const itemsOf = ({ total, succeeded, errored }) =>
  `${total === undefined ? '' : `${counted(total, 'item')}: `}${count(succeeded)} with results${errored > 0 ? `, ${count(errored)} with errors` : ''}`;

// The estimate is in seconds of one worker, so that several may beat it.
function timeOf(job) {
  const took = duration(job.seconds);
  if (!job.estimateSeconds) return job.estimateSeconds === undefined ? took : `${took} (no estimate)`;
  const longest = Math.max(job.seconds, job.estimateSeconds), bar = (seconds, mark) => element('span', { class: `length ${mark}`, style: `width:${100 * seconds / longest}%` });
  return element('span', { class: 'against' },
    element('span', {}, hasEnded(job) ? `${took}, ${Number((job.seconds / job.estimateSeconds).toPrecision(2))} × the estimate of ${duration(job.estimateSeconds)}` : `${took}, estimated ${duration(job.estimateSeconds)}`),
    bar(job.seconds, 'actual'), bar(job.estimateSeconds, 'estimate'));
}
