import { element } from '../../shared/dom.js';

/** The states that a job doesn't leave by itself. */
export const finals = ['completed', 'completedWithErrors', 'failed', 'cancelled', 'expired'];

/** The states before them. */
export const open = ['queued', 'blocked', 'running', 'cancelling'];

/** Whether a job has ended. */
export const hasEnded = job => finals.includes(job.state);

// What each state is called, and its colour: of jobs, of tasks and of rows of the poison list.
const looks = {
  queued: ['queued', 'still'], blocked: ['blocked', 'still'], running: ['running', 'busy'], cancelling: ['cancelling', 'warn'],
  completed: ['completed', 'good'], completedWithErrors: ['with errors', 'warn'], failed: ['failed', 'bad'], cancelled: ['cancelled', 'still'], expired: ['expired', 'bad'],
  split: ['split', 'still'], poisoned: ['given up', 'bad'], listed: ['listed', 'bad'], requeued: ['requeued', 'busy'], dropped: ['dropped', 'still'],
};

/** A state's name for readers. */
export const stateName = state => looks[state]?.[0] ?? state;

/** A state as a badge. */
export const badge = state => element('span', { class: `badge ${looks[state]?.[1] ?? 'still'}` }, stateName(state));
