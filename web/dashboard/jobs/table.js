import { element } from '../../shared/dom.js';
import { unknown } from '../../shared/format.js';
import { progressBar } from '../parts/progress.js';
import { badge, hasEnded } from '../parts/state.js';
import { ago, duration, moment } from '../parts/time.js';

const columns = ['job', 'kind', 'state', 'progress', 'time', 'submitted'];

/** A table of jobs; on a phone each is a card. update(job) changes one in its place, so that the reader's own place stays. */
export function jobTable(label = 'Jobs') {
  const body = element('tbody'), rows = new Map();
  const root = element('table', { class: 'cards jobs', 'aria-label': label },
    element('thead', {}, element('tr', {}, ...columns.map(name => element('th', { scope: 'col' }, name)))), body);

  return {
    root,
    ids: () => new Set(rows.keys()),
    show(jobs) {
      const kept = new Map(jobs.map(job => [job.id, rows.get(job.id) ?? rowOf(job)]));
      rows.clear();
      for (const [id, row] of kept) rows.set(id, row);
      for (const job of jobs) fill(rows.get(job.id), job);
      const wanted = [...kept.values()].map(row => row.root);
      if (wanted.length !== body.children.length || wanted.some((row, i) => row !== body.children[i])) body.replaceChildren(...wanted);
      root.hidden = jobs.length === 0;
    },
    update(job) {
      const row = rows.get(job.id);
      if (row) fill(row, job);
    },
  };
}

function rowOf(job) {
  const cells = columns.slice(1).map(name => element('td', { 'data-label': name, class: `col-${name}` }));
  return { root: element('tr', {}, element('th', { scope: 'row' }, element('a', { href: `#/jobs/${job.id}` }, job.name)), ...cells), cells, shown: '' };
}

function fill(row, job) {
  // A list's job has no progress of its tasks: what events have told of one that goes on is better.
  if (!job.progress && !job.jobs && row.live && !hasEnded(job) && row.live.state === job.state) job = row.live;
  if (job.progress || job.jobs) row.live = job;
  const text = JSON.stringify(job);
  if (text === row.shown) return;
  row.shown = text;
  const [kind, state, progress, time, submitted] = row.cells;
  kind.textContent = job.kind;
  state.replaceChildren(badge(job.state));
  progress.replaceChildren(progressBar(job) ?? unknown);
  time.textContent = job.seconds === undefined ? unknown : `${duration(job.seconds)}${job.progress?.secondsLeft ? `, ${duration(job.progress.secondsLeft, 1)} left` : ''}`;
  submitted.replaceChildren(element('time', { datetime: job.createdAt, title: moment(job.createdAt) }, ago(job.createdAt)));
}
