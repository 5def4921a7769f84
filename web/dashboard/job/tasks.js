import { choice, element, labelled } from '../../shared/dom.js';
import { count, unknown } from '../../shared/format.js';
import { get, query } from '../api/client.js';
import { badge, stateName } from '../parts/state.js';
import { duration, moment } from '../parts/time.js';

const pageSize = 25, states = ['queued', 'running', 'completed', 'split', 'poisoned', 'cancelled'];

/** A job's tasks and who worked on them, a page at a time. */
export function taskSection(id, signal) {
  const body = element('tbody'), before = [], opened = new Set();
  let state = '', cursor = '', busy = false, again = false;
  const newer = element('button', { type: 'button', onclick: () => { cursor = before.pop() ?? ''; refresh(); } }, '← Before');
  const older = element('button', { type: 'button' }, 'After →');
  const pages = element('nav', { class: 'pages', 'aria-label': 'Pages of tasks', hidden: true }, newer, older);
  const table = element('table', { class: 'cards', 'aria-label': 'Tasks', hidden: true },
    element('thead', {}, element('tr', {}, ...['task', 'state', 'items', 'progress', 'took', 'attempts'].map(name => element('th', { scope: 'col' }, name)))), body);
  const none = element('p', { class: 'note' });
  const root = element('section', {}, element('h2', {}, 'Tasks'),
    element('div', { class: 'controls' }, labelled('state', choice([['', 'all'], ...states.map(s => [s, stateName(s)])], value => { state = value; cursor = ''; before.length = 0; refresh(); }))),
    none, table, pages);

  // Called for each event of the job; what comes while it reads makes it read once more.
  async function refresh() {
    if (busy) { again = true; return; }
    busy = true;
    do {
      again = false;
      try {
        show(await get(`/jobs/${id}/tasks${query({ state, cursor, limit: pageSize })}`, signal));
      } catch (error) {
        if (!signal.aborted) none.textContent = error.message;
      }
    } while (again && !signal.aborted);
    busy = false;
  }

  function show({ tasks, next }) {
    none.textContent = tasks.length > 0 ? '' : state ? 'No task is in that state.' : 'No task yet: the job is planned first.';
    table.hidden = tasks.length === 0;
    pages.hidden = !next && cursor === '';
    newer.disabled = cursor === '';
    older.disabled = !next;
    older.onclick = () => { before.push(cursor); cursor = next; refresh(); };
    body.replaceChildren(...tasks.map(rowOf));
  }

  function rowOf(task) {
    const seconds = task.startedAt ? ((task.finishedAt ? new Date(task.finishedAt) : Date.now()) - new Date(task.startedAt)) / 1000 : null;
    const attempts = element('details', { open: opened.has(task.task), ontoggle: () => { if (attempts.open) opened.add(task.task); else opened.delete(task.task); } },
      element('summary', {}, `${task.attempts.length}`, element('span', { class: 'unseen' }, ` attempts of task ${task.task}`)),
      element('ol', { class: 'attempts' }, ...task.attempts.map(attemptOf)));
    const cell = (label, ...content) => element('td', { 'data-label': label }, ...content);
    return element('tr', {},
      element('th', { scope: 'row' }, `${task.task}`, task.parent === undefined ? null : element('span', { class: 'range' }, `half of ${task.parent}`)),
      cell('state', badge(task.state)),
      cell('items', task.itemCount > 0 ? `${count(task.firstItem)} to ${count(task.firstItem + task.itemCount - 1)}` : unknown, task.errored > 0 ? element('span', { class: 'range' }, `${count(task.errored)} with errors`) : null),
      cell('progress', task.state === 'completed' || task.total === 0 ? unknown : `${count(task.done)} / ${count(task.total)} ${task.unit ?? ''}`, task.phase ? element('span', { class: 'range' }, task.phase) : null),
      cell('took', seconds === null ? unknown : duration(seconds)),
      cell('attempts', task.attempts.length === 0 ? '0' : attempts));
  }

  return { root, refresh };
}

const outcomes = { completed: 'completed', givenBack: 'given back', failed: 'failed', stopped: 'stopped', lapsed: 'lapsed: the worker was gone', split: 'split', poisoned: 'given up' };

const attemptOf = attempt => element('li', { value: attempt.number },
  element('span', {}, `${attempt.worker}, ${moment(attempt.startedAt)}: ${attempt.outcome ? outcomes[attempt.outcome] ?? attempt.outcome : 'works on it'}`),
  attempt.endedAt ? ` after ${duration((new Date(attempt.endedAt) - new Date(attempt.startedAt)) / 1000)}` : null,
  attempt.error ? element('span', { class: 'error' }, ` ${attempt.error}`) : null);
