import { startCurves } from '../../shared/charts/curves.js';
import { startCharts } from '../../shared/charts/section.js';
import { element } from '../../shared/dom.js';
import { startItems } from '../../shared/items/section.js';
import { startPlayer } from '../../shared/player/section.js';
import { reportData } from '../../shared/reportData.js';
import { filePath, get, send } from '../api/client.js';
import { heading, instead } from '../job/heading.js';
import { fileLink, size } from '../parts/files.js';
import { note } from '../parts/notices.js';
import { badge } from '../parts/state.js';
import { scoreTable } from './scores.js';

const style = /<style>.*?<\/style>/s; // of the report's own page: this page's policy takes no style but its own
const light = 4 << 20; // bytes that are fetched without asking

/** An evaluation: quality against steps and cost, cells, items side by side and the step player, from the data of its report. */
export async function evaluationPage({ host, params: { id }, signal, title }) {
  const job = await get(`/jobs/${encodeURIComponent(id)}`, signal), state = badge(job.state), path = `${job.output}/report.html`;
  title(`${job.name}: quality`);
  if (job.kind !== 'evaluate') return host.append(...instead(job, 'quality', state, 'Only an evaluation has scores.'));
  if (!job.state.startsWith('completed')) return host.append(...instead(job, 'quality', state, 'There are no scores: the evaluation has not been completed.'));
  const bytes = Number((await send(filePath(path), { method: 'HEAD', signal })).headers.get('Content-Length'));
  host.append(heading(job, 'quality', state, element('div', { class: 'actions' }, fileLink(path, 'report.html', { opens: true }))));
  const place = host.appendChild(element('div'));
  if (bytes > light) await new Promise(resolve => {
    place.append(note(`The report has ${size(bytes)}.`), element('button', { type: 'button', class: 'primary', onclick: resolve }, 'Load it'));
    signal.addEventListener('abort', resolve);
    document.documentElement.dataset.ready = 'true';
  });
  if (signal.aborted) return;
  place.replaceChildren(note('Reading the report…'));
  const text = await (await send(filePath(path), { signal })).text();
  place.remove();
  await show(host, reportData(new DOMParser().parseFromString(text.replace(style, ''), 'text/html')), signal);
}

async function show(host, { report, traces, items }, signal) {
  const section = (id, name, ...content) => host.appendChild(element('section', { id, 'aria-label': name }, element('h2', {}, name), element('div', { class: 'app' }), ...content));
  const charts = section('charts', 'Quality against cost', note('Lines and bands along the marks are 95 % intervals, where the evaluation drew them. The dashed line joins the settings that no other one beats in both cost and quality; hollow marks are beaten. A ring marks the cheapest setting that is good enough.'));
  if (!startCharts(charts.querySelector('.app'), report, signal)) charts.remove();
  section('cells', 'Cells').querySelector('.app').append(scoreTable(report));
  for (const [id, name] of [['latency', 'Seconds against length'], ['parallelism', 'Quality against parallelism']]) {
    const curves = section(id, name);
    if (!startCurves(curves.querySelector('.app'), report, id, signal)) curves.remove();
  }
  const traced = traces(), player = traced ? startPlayer(section('denoising', 'Denoising, step by step'), report.cells, traced, signal) : null;
  const listed = await items.items();
  if (listed?.ids.length > 0) await startItems(section('items', 'Items').querySelector('.app'), items, player);
}
