import { element } from '../../shared/dom.js';
import { count, unknown } from '../../shared/format.js';
import { send } from '../api/client.js';
import { confirmed } from '../parts/dialogs.js';
import { announce } from '../parts/notices.js';
import { badge } from '../parts/state.js';
import { ago, moment } from '../parts/time.js';

const columns = ['task', 'items', 'reason', 'attempts', 'given up', 'state', 'what to do'];

/** Tasks that were given up, each with what can be done about it; changed() is called after something was. */
export function poisonTable(rows, changed) {
  const cell = (label, ...content) => element('td', { 'data-label': label }, ...content);
  const button = (row, name, act) => element('button', { type: 'button', class: 'quiet', 'aria-label': `${name} task ${row.task} of ${row.job}`, onclick: () => act(row) }, name);
  const root = element('table', { class: 'cards', 'aria-label': 'Given-up tasks' },
    element('thead', {}, element('tr', {}, ...columns.map(name => element('th', { scope: 'col', class: name === 'reason' ? 'left' : null }, name)))),
    element('tbody', {}, ...rows.map(row => element('tr', {},
      element('th', { scope: 'row' }, element('span', { class: 'id' }, element('a', { href: `#/jobs/${row.job}` }, `…${row.job.slice(-8)}`), ` / ${row.task}`)),
      cell('items', row.itemCount > 0 ? `${count(row.firstItem)} to ${count(row.firstItem + row.itemCount - 1)}` : unknown, row.itemId === undefined ? null : element('span', { class: 'range' }, `id ${row.itemId}`)),
      element('td', { 'data-label': 'reason', class: 'text' }, row.reason),
      cell('attempts', count(row.attempts)),
      cell('given up', element('time', { datetime: row.createdAt, title: moment(row.createdAt) }, ago(row.createdAt))),
      cell('state', badge(row.state)),
      cell('what to do', row.state === 'listed' ? element('span', { class: 'links' }, button(row, 'Requeue', requeue), button(row, 'Drop', drop)) : unknown)))));

  async function requeue(row) {
    await act(`/poison/${row.id}/requeue`, 'POST', `Task ${row.task} is tried again.`);
  }

  async function drop(row) {
    if (await confirmed(`Drop task ${row.task}?`, 'It is struck off the list; its items stay without results.', 'Drop it')) await act(`/poison/${row.id}`, 'DELETE', `Task ${row.task} is off the list.`);
  }

  async function act(path, method, done) {
    try {
      await send(path, { method });
      announce(done);
    } catch (error) {
      announce(error.message);
    }
    await changed();
  }

  return { root };
}
