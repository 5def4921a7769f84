import { choice, element, labelled } from '../../shared/dom.js';
import { delay, watchJobs } from '../api/events.js';
import { get, query } from '../api/client.js';
import { failure } from '../parts/notices.js';
import { finals, hasEnded, open, stateName } from '../parts/state.js';
import { keepInAddress } from '../router.js';
import { jobTable } from './table.js';

const pageSize = 50, look = 5000; // milliseconds between two looks for new jobs

/** All jobs, the newest first: filtered, page by page, live. */
export async function jobList({ host, query: asked, signal, title }) {
  title('Jobs');
  const filter = { state: asked.get('state') ?? '', kind: asked.get('kind') ?? '', search: asked.get('search') ?? '', children: asked.get('children') === 'true' };
  const before = []; // the cursors of the pages before this one
  let cursor = asked.get('cursor') ?? '', watching = new AbortController(), latest = 0;
  signal.addEventListener('abort', () => watching.abort());

  const search = element('input', { type: 'search', value: filter.search, placeholder: 'a part of the name', oninput: () => { filter.search = search.value.trim(); later(); } });
  const select = (name, options) => { const made = choice(options, value => { filter[name] = value; first(); }); made.value = filter[name]; return made; };
  const children = element('input', { type: 'checkbox', checked: filter.children, onchange: () => { filter.children = children.checked; first(); } });
  const status = element('p', { class: 'note', role: 'status' }), table = jobTable();
  const newer = element('button', { type: 'button', onclick: () => { cursor = before.pop() ?? ''; load(); } }, '← Newer');
  const older = element('button', { type: 'button' }, 'Older →'), pages = element('nav', { class: 'pages', 'aria-label': 'Pages' }, newer, older);
  host.append(
    element('div', { class: 'heading' }, element('h1', {}, 'Jobs'), element('a', { href: '#/submit', class: 'button primary' }, 'Submit a manifest')),
    element('div', { class: 'controls' },
      labelled('name', search),
      labelled('state', select('state', [['', 'all'], [open.join(','), 'not ended'], [finals.join(','), 'ended'], ...[...open, ...finals].map(state => [state, stateName(state)])])),
      labelled('kind', select('kind', [['', 'all'], ['finetune', 'finetune'], ['sample', 'sample'], ['evaluate', 'evaluate'], ['pipeline', 'pipeline']])),
      element('label', { class: 'check' }, children, element('span', {}, "pipelines' own jobs too"))),
    status, table.root,
    pages);

  let timer = 0;
  const later = () => { clearTimeout(timer); timer = setTimeout(first, 250); };
  const first = () => { before.length = 0; cursor = ''; load(); };

  async function load(quietly = false) {
    const mine = ++latest, values = { ...filter, cursor };
    keepInAddress('/jobs', query(values));
    if (!quietly) table.root.setAttribute('aria-busy', 'true');
    try {
      const { jobs, next } = await get(`/jobs${query({ ...values, limit: pageSize })}`, signal);
      if (mine === latest) show(jobs, next, quietly);
    } catch (error) {
      if (signal.aborted || mine !== latest || quietly) return;
      status.replaceChildren(failure(error, () => load()));
    }
    table.root.removeAttribute('aria-busy');
  }

  function show(jobs, next, quietly) {
    const known = table.ids();
    table.show(jobs);
    pages.hidden = !next && cursor === '';
    newer.disabled = cursor === '';
    older.disabled = !next;
    older.onclick = () => { before.push(cursor); cursor = next; load(); scrollTo(0, 0); };
    const filtered = filter.state || filter.kind || filter.search;
    const text = jobs.length > 0 ? `${jobs.length === 1 ? '1 job' : `${jobs.length} jobs`} on this page${cursor ? '' : next ? ', the newest' : ', all there are'}.`
      : filtered ? 'No job is like that.' : 'No job yet. Submit a manifest, here or with "dbatch submit".';
    if (status.textContent !== text) status.textContent = text;
    const same = quietly && jobs.length === known.size && jobs.every(job => known.has(job.id));
    if (!same) watch(jobs);
  }

  function watch(jobs) {
    watching.abort();
    watching = new AbortController();
    const going = jobs.filter(job => !hasEnded(job)).map(job => job.id);
    if (going.length > 0) watchJobs(going, table.update, watching.signal);
  }

  await load();
  // New jobs announce themselves to nobody: the first page is looked at again while it is seen.
  (async () => {
    while (!signal.aborted) {
      await delay(look, signal);
      if (!signal.aborted && cursor === '' && document.visibilityState === 'visible') await load(true);
    }
  })();
}
