// The report's page. The tables stand in the document; this makes them sortable and adds charts, items and the player.
import '../shared/charts/pixels.js';
import { startCurves } from '../shared/charts/curves.js';
import { startCharts } from '../shared/charts/section.js';
import { startItems } from '../shared/items/section.js';
import { startPlayer } from '../shared/player/section.js';
import { reportData } from '../shared/reportData.js';
import { makeSortable } from '../shared/table.js';

const { report, traces, items } = reportData(document), section = id => document.getElementById(id);

for (const table of document.querySelectorAll('table.sortable')) makeSortable(table);
if (!startCharts(section('charts')?.querySelector('.app'), report)) {
  section('charts')?.remove();
  document.querySelector('nav a[href="#charts"]')?.remove();
}
for (const id of ['latency', 'parallelism']) startCurves(section(id)?.querySelector('.app'), report, id);
const player = section('denoising') ? startPlayer(section('denoising'), report.cells, traces()) : null;
const started = section('items') ? startItems(section('items').querySelector('.app'), items, player) : Promise.resolve();
started.then(() => {
  document.documentElement.dataset.ready = 'true';
  performance.mark('report-ready');
});
