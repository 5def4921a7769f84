// The API of the same server. Where it wants an access key, the reader is asked for it once; it is kept for this tab alone.
const stored = 'dbatch-key';
let asking = null, ask = () => Promise.reject(new Problem({ title: 'An access key is needed', detail: 'The server asks for an access key.', status: 401 }));

/** What the API refused, as its problem document says it. */
export class Problem extends Error {
  constructor({ title, detail, status, errors }) {
    super(detail ?? title);
    Object.assign(this, { title, status, errors: errors ?? [] });
  }
}

/** Sets how the reader is asked for a key: a function (whether one was wrong) that promises it. */
export const askBy = asker => { ask = asker; };

/** The key of this tab, or null. */
export const key = () => sessionStorage.getItem(stored);

/** Forgets the key. */
export const forgetKey = () => sessionStorage.removeItem(stored);

// A token of Entra ID, which has three parts of which the first is an object in Base64, goes where hosts of Functions don't look for keys.
const signed = given => given === null ? {} : /^eyJ[^.]*\.[^.]*\.[^.]*$/.test(given) ? { authorization: `Bearer ${given}` } : { 'x-functions-key': given };

/** Sends a request to a path under /api; the answer is a good one, else a Problem is thrown. */
export async function send(path, { method = 'GET', body, headers = {}, signal } = {}) {
  for (;;) {
    const used = key(), response = await fetch(`/api${path}`, { method, body, signal, headers: { ...headers, ...signed(used) } });
    if (response.status === 401) await renew(used);
    else if (response.ok) return response;
    else throw await problemOf(response);
  }
}

/** The JSON of an answer. */
export const get = async (path, signal) => (await send(path, { signal })).json();

/** The JSON of an answer, or null where the server has no such thing. */
export async function find(path, signal) {
  try {
    return await get(path, signal);
  } catch (problem) {
    if (problem.status === 404) return null;
    throw problem;
  }
}

/** A query of what isn't empty: "?state=running&limit=50", or "". */
export function query(values) {
  const known = Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== '' && value !== false);
  return known.length === 0 ? '' : `?${new URLSearchParams(known)}`;
}

/** A path of a file under the API. */
export const filePath = path => `/files/${path.split('/').map(encodeURIComponent).join('/')}`;

// All requests that were refused wait for one answer of the reader.
async function renew(used) {
  if (key() !== used) return; // another request has asked meanwhile
  asking ??= ask(used !== null).then(given => sessionStorage.setItem(stored, given)).finally(() => { asking = null; });
  await asking;
}

async function problemOf(response) {
  try {
    return new Problem({ status: response.status, ...await response.json() });
  } catch {
    return new Problem({ status: response.status, title: 'The server has no answer', detail: `The server answered ${response.status} and said nothing more.` });
  }
}
