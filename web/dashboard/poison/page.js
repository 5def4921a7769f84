import { element } from '../../shared/dom.js';
import { counted } from '../../shared/format.js';
import { get } from '../api/client.js';
import { note } from '../parts/notices.js';
import { poisonTable } from './table.js';

/** Everything that was given up, to be tried again or dropped. */
export async function poisonList({ host, signal, title }) {
  title('Poison list');
  const dealt = element('input', { type: 'checkbox', onchange: () => show() });
  const status = element('p', { class: 'note', role: 'status' }), list = element('div');
  let rows = [];
  host.append(
    element('h1', {}, 'Poison list'),
    note('Tasks that failed as often as they may. Requeued, a task is tried again from its beginning; dropped, its items stay without results.'),
    element('div', { class: 'controls' }, element('label', { class: 'check' }, dealt, element('span', {}, 'what was dealt with too'))),
    status, list);

  async function load() {
    ({ rows } = await get('/poison', signal));
    show();
  }

  function show() {
    const shown = dealt.checked ? rows : rows.filter(row => row.state === 'listed'), text = shown.length > 0 ? `${counted(shown.length, 'task')}.` : 'The list is empty: no task was given up.';
    if (status.textContent !== text) status.textContent = text;
    list.replaceChildren(...shown.length > 0 ? [poisonTable(shown, load).root] : []);
  }

  await load();
}
