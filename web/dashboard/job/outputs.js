import { element } from '../../shared/dom.js';
import { count } from '../../shared/format.js';
import { filePath, find, get, query } from '../api/client.js';
import { apiLink, fileLink, size } from '../parts/files.js';
import { hasEnded } from '../parts/state.js';

const mostFiles = 200;

/** What a job has made: a sample's cells with their results, an evaluation's report, and all files; null where there is nothing. */
export async function outputs(job, signal) {
  const { files, next } = await get(`/files${query({ prefix: `${job.output}/`, limit: mostFiles })}`, signal);
  if (files.length === 0) return null;
  const manifest = job.kind === 'sample' && files.some(file => file.path === `${job.output}/manifest.json`) ? await find(filePath(`${job.output}/manifest.json`), signal) : null;
  return element('section', {}, element('h2', {}, 'Outputs'),
    manifest?.cells?.length > 0 ? cellTable(job, manifest.cells) : null,
    job.kind === 'evaluate' && hasEnded(job) ? reportLinks(job, files) : null,
    element('details', {}, element('summary', {}, `Files (${count(files.length)}${next ? ', the first of more' : ''})`),
      element('ul', { class: 'files' }, ...files.map(file => element('li', {}, fileLink(file.path, file.path.slice(job.output.length + 1), { download: file.path.split('/').at(-1) }), ` ${size(file.length)}`)))));
}

function cellTable(job, cells) {
  return element('table', { class: 'cards', 'aria-label': 'Cells' },
    element('thead', {}, element('tr', {}, ...['cell', 'parts', 'results'].map(name => element('th', { scope: 'col' }, name)))),
    element('tbody', {}, ...cells.map(({ cell, parts }) => element('tr', {},
      element('th', { scope: 'row' }, cell),
      element('td', { 'data-label': 'parts' }, count(parts ?? 0)),
      element('td', { 'data-label': 'results' }, element('span', { class: 'links' },
        element('a', { href: `#/jobs/${job.id}/items?a=${encodeURIComponent(cell)}` }, 'look'),
        apiLink(`/jobs/${job.id}/results?cell=${encodeURIComponent(cell)}`, 'download', { download: `${job.name}-${cell}.jsonl` })))))));
}

function reportLinks(job, files) {
  const has = name => files.some(file => file.path === `${job.output}/${name}`);
  return element('p', { class: 'links' },
    element('a', { href: `#/jobs/${job.id}/quality`, class: 'button primary' }, 'Quality and items'),
    has('report.html') ? fileLink(`${job.output}/report.html`, 'report.html', { opens: true }) : null,
    has('report.csv') ? fileLink(`${job.output}/report.csv`, 'report.csv', { download: 'report.csv' }) : null,
    has('report.json') ? fileLink(`${job.output}/report.json`, 'report.json', { download: 'report.json' }) : null);
}
