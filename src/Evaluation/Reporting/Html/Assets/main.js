// The report's page. The tables stand in the document; this makes them sortable and adds charts, items and the player.
import './charts/pixels.js';
import { data } from './data.js';
import { startCharts } from './charts/section.js';
import { makeSortable } from './table.js';
import { startItems } from './items/section.js';
import { startPlayer } from './player/section.js';

const report = data('report');

for (const table of document.querySelectorAll('table.sortable')) makeSortable(table);
startCharts(document.getElementById('charts'), report);
const player = startPlayer(document.getElementById('denoising'), report);
startItems(document.getElementById('items'), report, player).then(() => {
  document.documentElement.dataset.ready = 'true';
  performance.mark('report-ready');
});
