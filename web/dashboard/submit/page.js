import { choice, element, labelled } from '../../shared/dom.js';
import { counted } from '../../shared/format.js';
import { get, query, send } from '../api/client.js';
import { announce, failure, note, problemTable } from '../parts/notices.js';
import { duration } from '../parts/time.js';
import { editor } from './editor.js';

const pause = 700; // milliseconds without a key before what stands there is checked

const example = `{
  "kind": "sample",
  "name": "my-sample",
  "model": { "from": "models/m" },
  "input": "data/test.jsonl",
  "sampler": { "steps": [1, 4, 16], "length": { "source": "fixed", "value": 20 } },
  "output": "results/my-sample"
}
`;

/** A manifest by hand: checked while it is written, each problem at its place; then submitted. */
export async function submitPage({ host, query: asked, signal, title }) {
  title('Submit');
  const from = asked.get('from'), given = from ? await get(`/jobs/${encodeURIComponent(from)}/manifest`, signal) : null;
  const text = editor(given ? `${JSON.stringify(given, null, 2)}\n` : example, later), found = element('div', { class: 'findings', role: 'status' });
  const format = choice([['auto', 'as it looks'], ['application/json', 'JSON'], ['application/yaml', 'YAML']], () => check());
  const priority = choice([['normal', 'normal'], ['high', 'high'], ['low', 'low']], () => {});
  const expires = choice([['', 'never'], ['PT1H', 'in an hour'], ['PT6H', 'in 6 hours'], ['P1D', 'in a day'], ['P7D', 'in a week']], () => {});
  const submit = element('button', { type: 'button', class: 'primary', onclick: hand }, 'Submit');
  host.append(
    element('h1', {}, 'Submit a manifest'),
    note(given ? 'The manifest of an earlier job. The same one again does what is left of it; another one needs another output, or "overwrite": true.' : 'JSON (comments and trailing commas are taken) or YAML. Paths are relative to the storage root.'),
    text.root, found,
    element('div', { class: 'controls' },
      element('button', { type: 'button', onclick: () => check(true) }, 'Check'), submit,
      labelled('format', format), labelled('priority', priority), labelled('expires', expires)));

  let timer = 0, latest = 0;
  function later() { clearTimeout(timer); timer = setTimeout(check, pause); }
  signal.addEventListener('abort', () => clearTimeout(timer));

  const type = () => format.value === 'auto' ? /^\s*(\{|\/\/|\/\*)/.test(text.value()) ? 'application/json' : 'application/yaml' : format.value;
  const post = path => send(path, { method: 'POST', body: text.value(), headers: { 'Content-Type': type() }, signal });

  async function check() {
    const mine = ++latest;
    clearTimeout(timer);
    try {
      const estimates = await (await post('/jobs/estimate')).json();
      if (mine === latest) accept(estimates);
    } catch (error) {
      if (mine === latest && !signal.aborted) refuse(error);
    }
  }

  function accept({ jobs, seconds }) {
    text.mark([]);
    found.replaceChildren(element('p', { class: 'fine' }, `No problem found in ${counted(jobs.length, 'job')}. `, seconds === undefined ? 'How long it takes is not known yet.' : `Estimated: ${duration(seconds)} of one worker.`),
      jobs.length > 1 ? element('ul', {}, ...jobs.map(job => element('li', {}, `${job.name} (${job.kind}): ${job.seconds === undefined ? job.basis : duration(job.seconds)}`))) : '');
  }

  function refuse(error) {
    text.mark(error.errors ?? []);
    found.replaceChildren(...error.errors?.length > 0 ? [element('p', { class: 'wrong' }, counted(error.errors.length, 'problem'), ':'), problemTable(error.errors, text.goTo)] : [failure(error, () => check())]);
  }

  // One key for a text, so that a second click, or an answer that was lost, makes no second job.
  let handed = { text: null, key: null };
  async function hand() {
    submit.disabled = true;
    try {
      const all = JSON.stringify([text.value(), priority.value, expires.value]);
      if (handed.text !== all) handed = { text: all, key: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}` };
      const response = await send(`/jobs${query({ priority: priority.value, expiresIn: expires.value })}`, { method: 'POST', body: text.value(), headers: { 'Content-Type': type(), 'Idempotency-Key': handed.key }, signal });
      const job = await response.json();
      announce(`${job.name} is submitted.`);
      location.hash = `#/jobs/${job.id}`;
    } catch (error) {
      if (!signal.aborted) refuse(error);
      text.focus();
    }
    submit.disabled = false;
  }

  if (given) await check();
}
