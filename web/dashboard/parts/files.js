import { element } from '../../shared/dom.js';
import { filePath, key, send } from '../api/client.js';
import { announce } from './notices.js';

/**
 * A link to something of the API. Where a key is needed a plain link would be refused, and the key has no place in an address:
 * then the answer is fetched with it and saved.
 */
export function apiLink(path, text, { download = null, opens = false } = {}) {
  if (key() === null) return element('a', { href: `/api${path}`, download, target: opens ? '_blank' : null, rel: opens ? 'noopener' : null }, text);
  return element('a', { href: `/api${path}`, onclick: event => { event.preventDefault(); save(path, download ?? path.split('/').at(-1)); } }, text);
}

/** A link to a file. */
export const fileLink = (path, text, options = {}) => apiLink(filePath(path), text, options);

async function save(path, name) {
  try {
    const url = URL.createObjectURL(await (await send(path)).blob());
    element('a', { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  } catch (error) {
    announce(`${name} couldn't be fetched: ${error.message}`);
  }
}

/** A file's size for readers. */
export function size(bytes) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'], place = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${Number((bytes / 1024 ** place).toPrecision(3))} ${units[place]}`;
}
