import { Problem, send } from './client.js';
import { lines } from './lines.js';

const pause = 2000; // milliseconds before the connection is made again, unless the server says otherwise

/**
 * Tells of jobs' progress until the last of them has ended or the signal is aborted; a connection that breaks is made again.
 * Server-sent events are read from the answer itself: the browser's own reader of events sends no access key.
 */
export async function watchJobs(ids, onjob, signal) {
  const waiting = new Set(ids);
  let retry = pause;
  while (waiting.size > 0 && !signal.aborted) {
    const all = [...waiting], path = all.length === 1 ? `/jobs/${all[0]}/events` : `/events?jobs=${all.join(',')}`;
    try {
      const response = await send(path, { signal });
      for await (const event of events(response)) {
        if (event.retry) retry = event.retry;
        if (!event.data) continue;
        const job = JSON.parse(event.data);
        if (event.type === 'end') waiting.delete(job.id);
        onjob(job);
      }
    } catch (error) {
      if (signal.aborted || error instanceof Problem && error.status < 500) return;
    }
    if (waiting.size > 0) await delay(retry, signal);
  }
}

/** The events of a stream: { type, data, retry }. */
async function* events(response) {
  let event = {};
  for await (const line of lines(response)) {
    if (line === '') {
      yield event;
      event = {};
      continue;
    }
    const colon = line.indexOf(':'), name = colon < 0 ? line : line.slice(0, colon), value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'data') event.data = event.data === undefined ? value : `${event.data}\n${value}`;
    else if (name === 'event') event.type = value;
    else if (name === 'retry' && Number(value) > 0) event.retry = Number(value);
  }
}

/** Waits, or until the signal is aborted. */
export const delay = (milliseconds, signal) => new Promise(resolve => {
  const timer = setTimeout(resolve, milliseconds);
  signal.addEventListener('abort', () => { clearTimeout(timer); resolve(); }, { once: true });
});
