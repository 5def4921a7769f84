import { choice, element, labelled } from '../dom.js';
import { count, counted } from '../format.js';
import { virtualList } from './list.js';
import { row } from './row.js';
import { differs, plain, reference } from './texts.js';

/**
 * Two cells compared item by item; resolves, with a function that reads all anew, when the list stands.
 * source: { cells, items(), texts(cell) }: the cells' names, and promises of { ids, sources, references } and of what a cell,
 * by its place, has for each item: a text, null where there is nothing, { error } where the item failed.
 */
export async function startItems(host, source, player) {
  const last = source.cells.length - 1;
  const sides = [...source.cells.map((cell, i) => [String(i), cell]), [reference, 'the reference']];
  const state = { a: '0', b: last > 0 ? String(last) : reference, search: '', differing: false, shown: [] };
  const choose = side => { const select = choice(sides, value => { state[side] = value; update(); }); select.value = state[side]; return select; };
  const search = element('input', { type: 'search', placeholder: 'id or text', oninput: () => { state.search = search.value; later(); } });
  const differing = element('input', { type: 'checkbox', onchange: () => { state.differing = differing.checked; update(); } });
  const status = element('p', { class: 'note', role: 'status' });
  const region = element('div', { class: 'items', role: 'region', tabindex: 0, 'aria-label': 'List of items' });
  host.append(
    element('div', { class: 'controls' }, labelled('compare', choose('a')), labelled('with', choose('b')), labelled('find', search), element('label', { class: 'check' }, differing, element('span', {}, 'only where they differ'))),
    status, region);

  let items, a, b, asked = 0;
  const nameOf = side => side === reference ? 'reference' : source.cells[side];
  const sideOf = (side, texts, i) => ({ name: nameOf(side), text: texts[i], isReference: side === reference });
  const show = virtualList(region, place => {
    const i = state.shown[place], id = items.ids[i];
    const play = player?.has(id) ? () => player.open(id, [state.a, state.b].filter(side => side !== reference).map(Number)) : null;
    return row({ id, source: items.sources?.[i] ?? null, references: items.references[i] }, sideOf(state.a, a, i), sideOf(state.b, b, i), play);
  });

  async function textsOf(side) {
    return side === reference ? (await source.items()).references.map(list => list[0] ?? null) : source.texts(Number(side));
  }

  async function update() {
    const mine = ++asked, both = await Promise.all([source.items(), textsOf(state.a), textsOf(state.b)]);
    if (mine !== asked) return; // something else has been chosen meanwhile
    [items, a, b] = both;
    const wanted = state.search.trim().toLowerCase(), all = items.ids.length;
    const matches = i => items.ids[i].toLowerCase().includes(wanted) || plain(a[i]).toLowerCase().includes(wanted) || plain(b[i]).toLowerCase().includes(wanted)
      || (items.sources?.[i] ?? '').toLowerCase().includes(wanted) || items.references[i].some(text => text.toLowerCase().includes(wanted));
    let different = 0;
    state.shown = [];
    for (let i = 0; i < all; i++) {
      const differ = differs(a[i], b[i]);
      if (differ) different++;
      if ((differ || !state.differing) && (wanted === '' || matches(i))) state.shown.push(i);
    }
    const filtered = state.shown.length < all ? `${count(state.shown.length)} of ${counted(all, 'item')}` : counted(all, 'item');
    status.textContent = `${filtered} shown; the two differ in ${count(different)}.`;
    show(state.shown.length);
  }

  let timer = 0;
  const later = () => { clearTimeout(timer); timer = setTimeout(update, 120); };
  await update();
  return update;
}
