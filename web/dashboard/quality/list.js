import { element } from '../../shared/dom.js';
import { count } from '../../shared/format.js';
import { find, get } from '../api/client.js';
import { note } from '../parts/notices.js';
import { ago, moment } from '../parts/time.js';

/** What has been evaluated: by schedule, and by the evaluations' name. */
export async function qualityList({ host, signal, title }) {
  title('Quality');
  const [schedules, { cells }] = await Promise.all([find('/schedules', signal), get('/sweeps?limit=2000', signal)]);
  const names = new Map();
  for (const cell of cells) { // the newest come first
    const known = names.get(cell.name) ?? { name: cell.name, runs: new Set(), last: cell, cells: 0 };
    known.runs.add(cell.job);
    if (cell.job === known.last.job) known.cells++;
    names.set(cell.name, known);
  }
  host.append(element('h1', {}, 'Quality'), note('How good the results were, sweep by sweep and run by run.'));
  host.append(section('Schedules', schedules === null ? note('This server has no schedules; evaluations of one name are compared below all the same.')
    : schedules.schedules.length === 0 ? note('No schedule yet.') : scheduleTable(schedules.schedules)));
  host.append(section('Evaluations by name', names.size === 0 ? note('No evaluation has been completed yet.') : nameTable([...names.values()])));
}

const section = (name, content) => element('section', {}, element('h2', {}, name), content);
const head = (...names) => element('thead', {}, element('tr', {}, ...names.map(name => element('th', { scope: 'col' }, name))));
const cell = (label, ...content) => element('td', { 'data-label': label }, ...content);
const time = value => element('time', { datetime: value, title: moment(value) }, ago(value));

const scheduleTable = schedules => element('table', { class: 'cards', 'aria-label': 'Schedules' }, head('schedule', 'when', 'next', 'runs', 'state'),
  element('tbody', {}, ...schedules.map(schedule => element('tr', {},
    element('th', { scope: 'row' }, element('a', { href: `#/quality/schedule/${encodeURIComponent(schedule.name)}` }, schedule.name)),
    cell('when', element('code', {}, schedule.cron), ` ${schedule.timeZone ?? ''}`),
    cell('next', schedule.next?.length > 0 ? time(schedule.next[0]) : '–'),
    cell('runs', count(schedule.runs ?? 0)),
    cell('state', schedule.paused ? 'paused' : 'on')))));

const nameTable = names => element('table', { class: 'cards', 'aria-label': 'Evaluations by name' }, head('name', 'runs', 'cells of the last', 'last', 'views'),
  element('tbody', {}, ...names.map(({ name, runs, last, cells }) => element('tr', {},
    element('th', { scope: 'row' }, element('a', { href: `#/quality/name/${encodeURIComponent(name)}` }, name)),
    cell('runs', count(runs.size)),
    cell('cells of the last', count(cells)),
    cell('last', time(last.finishedAt)),
    cell('views', element('span', { class: 'links' }, element('a', { href: `#/quality/name/${encodeURIComponent(name)}` }, 'over time'), element('a', { href: `#/jobs/${last.job}/quality` }, 'the last sweep')))))));
