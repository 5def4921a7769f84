import { element } from '../../shared/dom.js';
import { count } from '../../shared/format.js';
import { startItems } from '../../shared/items/section.js';
import { filePath, find, get, send } from '../api/client.js';
import { JsonLines } from '../api/lines.js';
import { heading, instead } from '../job/heading.js';
import { note } from '../parts/notices.js';
import { badge } from '../parts/state.js';

const stretch = 500; // items that are read at a time

/** A sample job's items, two cells side by side, or a cell and the references; read from the results as far as wanted. */
export async function samplePage({ host, params: { id }, query: asked, signal, title }) {
  const job = await get(`/jobs/${encodeURIComponent(id)}`, signal), state = badge(job.state);
  title(`${job.name}: items`);
  if (job.kind !== 'sample') return host.append(...instead(job, 'items', state, 'Only a sample job has items of its own.'));
  const [written, manifest] = await Promise.all([find(filePath(`${job.output}/manifest.json`), signal), find(`/jobs/${id}/manifest`, signal)]);
  const cells = (written?.cells ?? []).map(cell => cell.cell);
  if (cells.length === 0) return host.append(...instead(job, 'items', state, 'No results yet.'));
  host.append(heading(job, 'items', state));

  const input = manifest ? await send(filePath(manifest.input), { signal }).then(response => new JsonLines(response), () => null) : null;
  const results = new Map();
  let wanted = stretch;
  const open = async cell => {
    if (!results.has(cell)) results.set(cell, send(`/jobs/${id}/results?cell=${encodeURIComponent(cells[cell])}`, { signal }).then(response => new JsonLines(response)));
    return (await results.get(cell)).upTo(wanted);
  };
  const source = {
    cells,
    async items() {
      const lines = input ? await input.upTo(wanted) : await open(0);
      return {
        ids: lines.map(line => line.id),
        sources: input && lines.some(line => line.source !== undefined) ? lines.map(line => line.source ?? null) : null,
        references: lines.map(line => line.target === undefined || !input ? [] : [line.target].flat()),
      };
    },
    async texts(cell) {
      const byId = new Map((await open(cell)).map(line => [line.id, textOf(line)]));
      return (await source.items()).ids.map(item => byId.get(item) ?? null);
    },
  };

  const section = element('section', { id: 'items', 'aria-labelledby': 'items-title' }, element('h2', { id: 'items-title' }, 'Items'), element('div', { class: 'app' }));
  const total = job.items?.total, status = note(), more = element('button', { type: 'button' }, `Read ${count(stretch)} more`);
  host.append(section, element('div', { class: 'pages' }, more, status));
  const update = await startItems(section.querySelector('.app'), source, null);
  const chosen = cells.indexOf(asked.get('a'));
  if (chosen > 0) { // the cell that the reader came for stands first
    const select = section.querySelector('select');
    select.value = String(chosen);
    select.dispatchEvent(new Event('change'));
  }
  more.addEventListener('click', async () => { wanted += stretch; await update(); show(); });
  signal.addEventListener('abort', async () => {
    input?.end();
    for (const lines of results.values()) (await lines.catch(() => null))?.end();
  });
  show();

  function show() {
    const read = Math.min(wanted, total ?? wanted);
    more.hidden = total === undefined ? input?.done ?? true : read >= total;
    status.textContent = total === undefined ? '' : read < total ? `Read are the first ${count(read)} of ${count(total)}.` : '';
    if (manifest?.trace) status.textContent += ' The traces of this job are played in the evaluation of its results.';
  }
}

function textOf(line) {
  if (line.error) return { error: `${line.error.code}: ${line.error.message}` };
  return line.text ?? (line.ids ? line.ids.join(' ') : null);
}
