import { element } from '../../shared/dom.js';
import { find, get } from '../api/client.js';
import { watchJobs } from '../api/events.js';
import { jobTable } from '../jobs/table.js';
import { note, problemTable } from '../parts/notices.js';
import { progressBar } from '../parts/progress.js';
import { badge, hasEnded } from '../parts/state.js';
import { duration } from '../parts/time.js';
import { poisonTable } from '../poison/table.js';
import { actions } from './actions.js';
import { facts } from './facts.js';
import { heading } from './heading.js';
import { outputs } from './outputs.js';
import { taskSection } from './tasks.js';

/** A job: how far it is, what it made, who works on it, what is wrong. */
export async function jobPage({ host, params: { id }, signal, title }) {
  let job = await get(`/jobs/${encodeURIComponent(id)}`, signal);
  title(job.name);
  const state = element('span'), work = element('div', { class: 'work' }), detail = element('div'), trouble = element('div'), made = element('div'), given = element('div');
  const children = job.jobs ? jobTable("The pipeline's jobs") : null, tasks = job.jobs ? null : taskSection(id, signal);
  const act = actions(() => job, changed);
  host.append(...[
    heading(job, 'overview', state, act.root), work, trouble, detail,
    children ? section('Jobs', children.root) : null, given, made, tasks?.root, manifestSection(id, signal),
  ].filter(Boolean));

  function show() {
    state.replaceChildren(badge(job.state));
    work.replaceChildren(...workOf(job));
    detail.replaceChildren(facts(job));
    trouble.replaceChildren(...troubleOf(job));
    children?.show(job.jobs);
    act.show();
  }

  // What changes with the job's state, not with its progress.
  async function showMade() {
    const [parts, rows] = await Promise.all([job.output ? outputs(job, signal) : null, get(`/poison?job=${id}`, signal)]);
    made.replaceChildren(...parts ? [parts] : []);
    given.replaceChildren(...rows.rows.length > 0 ? [section('Given up', poisonTable(rows.rows, () => showMade()).root)] : []);
  }

  async function changed() {
    job = await get(`/jobs/${id}`, signal);
    show();
    follow();
    tasks?.refresh();
  }

  let watching = new AbortController();
  signal.addEventListener('abort', () => watching.abort());
  function follow() {
    watching.abort();
    watching = new AbortController();
    if (hasEnded(job)) return;
    watchJobs([id], told => {
      const before = job;
      job = told;
      show();
      if (before.state !== job.state) showMade();
      tasks?.refresh();
    }, watching.signal);
  }

  show();
  follow();
  await Promise.all([showMade(), tasks?.refresh()]);
}

export const section = (name, ...content) => element('section', {}, element('h2', {}, name), ...content);

function workOf(job) {
  const { phase, rate, secondsLeft, unit, figures = {} } = job.progress ?? {};
  const words = [
    phase, rate ? `${Number(rate.toPrecision(3))} ${unit ?? 'units'} a second` : null, secondsLeft ? `${duration(secondsLeft)} left` : null,
    ...Object.entries(figures).map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`)];
  return [progressBar(job), hasEnded(job) ? null : note(words.filter(Boolean).join(' · '))].filter(Boolean);
}

function troubleOf(job) {
  return [
    job.error ? element('div', { class: 'failure' }, element('strong', {}, 'Why it failed'), element('p', {}, job.error)) : null,
    job.problems ? section(`Problems (${job.problems.length})`, problemTable(job.problems)) : null,
    job.warnings ? section('Warnings', element('ul', {}, ...job.warnings.map(text => element('li', {}, text)))) : null,
  ].filter(Boolean);
}

function manifestSection(id, signal) {
  const text = element('pre', { class: 'code', tabindex: 0, 'aria-label': 'Manifest' });
  const details = element('details', { ontoggle: async () => {
    if (!details.open || text.textContent !== '') return;
    const manifest = await find(`/jobs/${id}/manifest`, signal).catch(error => error.message);
    text.textContent = typeof manifest === 'string' ? manifest : JSON.stringify(manifest, null, 2);
  } }, element('summary', {}, 'Manifest'), text);
  return element('section', { class: 'plain' }, details);
}
