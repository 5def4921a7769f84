import { element } from '../shared/dom.js';
import { failure, note } from './parts/notices.js';

/**
 * Shows the view that the address names, now and whenever that changes. A view is an async function of { host, params, query,
 * signal, title }: it fills its host; the signal is aborted when the reader leaves; title(text) names the page.
 */
export function startRouter(main, routes) {
  let leaving = new AbortController(), first = true;

  async function show() {
    leaving.abort();
    leaving = new AbortController();
    const [path, search] = (location.hash.slice(1) || '/jobs').split('?'), found = matchOf(path, routes), { signal } = leaving;
    for (const link of document.querySelectorAll('header nav a')) {
      const here = path === link.hash.slice(1) || path.startsWith(`${link.hash.slice(1)}/`);
      if (here) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    const host = element('div', { class: 'view' });
    main.replaceChildren(host);
    document.documentElement.removeAttribute('data-ready');
    const title = text => { document.title = `${text} – DiffusionBatch`; };
    if (!found) {
      title('Not found');
      host.append(element('h1', {}, 'There is no such view'), note('The address names none of the views above.'));
      return;
    }
    try {
      await found.view({ host, params: found.params, query: new URLSearchParams(search ?? ''), signal, title });
    } catch (error) {
      if (signal.aborted) return;
      host.append(failure(error, show));
    }
    if (signal.aborted) return;
    document.documentElement.dataset.ready = 'true';
    performance.mark('view-ready');
    if (!first) {
      scrollTo(0, 0);
      main.focus({ preventScroll: true }); // readers of the screen begin at the new view
    }
    first = false;
  }

  addEventListener('hashchange', show);
  show();
}

/** Changes the address without a new view: what the reader has chosen in this one. */
export function keepInAddress(path, queryText) {
  history.replaceState(null, '', `#${path}${queryText}`);
}

function matchOf(path, routes) {
  const parts = path.split('/');
  for (const [route, view] of routes) {
    const wanted = route.split('/'), params = {};
    if (wanted.length !== parts.length) continue;
    if (wanted.every((part, i) => part.startsWith(':') ? (params[part.slice(1)] = decodeURIComponent(parts[i])) : part === parts[i])) return { view, params };
  }
  return null;
}
