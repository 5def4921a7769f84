import { element } from '../../shared/dom.js';
import { note } from '../parts/notices.js';

/** A job's name, state and views; a way back to its pipeline. */
export function heading(job, here, state, actions = null) {
  const tab = (name, path, text) => element('a', { href: `#/jobs/${job.id}${path}`, 'aria-current': here === name ? 'page' : null }, text);
  const tabs = { evaluate: [tab('overview', '', 'Overview'), tab('quality', '/quality', 'Quality and items')], sample: [tab('overview', '', 'Overview'), tab('items', '/items', 'Items side by side')] }[job.kind];
  return element('div', {},
    element('p', { class: 'crumbs' }, element('a', { href: '#/jobs' }, 'Jobs'), ' / ', job.pipeline ? element('a', { href: `#/jobs/${job.pipeline}` }, 'pipeline') : null, job.pipeline ? ' / ' : null, job.kind),
    element('div', { class: 'heading' }, element('h1', {}, job.name, ' ', state), actions),
    tabs ? element('nav', { class: 'tabs', 'aria-label': 'Views of the job' }, ...tabs) : null);
}

/** A note in place of a view that a job can't have (yet). */
export const instead = (job, here, state, text) => [heading(job, here, state), note(text)];
