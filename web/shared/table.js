import { element } from './dom.js';

/** Makes a table's columns sortable by buttons in their headings. Numbers are in the cells' data-value; what isn't known stays last. */
export function makeSortable(table) {
  const headings = [...table.tHead.rows[0].cells];
  headings.forEach((heading, column) => {
    const button = element('button', { type: 'button', class: 'sort' }, ...heading.childNodes);
    button.addEventListener('click', () => {
      const descending = heading.getAttribute('aria-sort') !== 'descending' && isNumeric(table, column)
        || heading.getAttribute('aria-sort') === 'ascending';
      for (const other of headings) other.removeAttribute('aria-sort');
      heading.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
      sort(table.tBodies[0], column, descending ? -1 : 1);
    });
    heading.replaceChildren(button);
  });
}

const isNumeric = (table, column) => [...table.tBodies[0].rows].some(row => row.cells[column].dataset.value !== undefined);

function sort(body, column, direction) {
  const rows = [...body.rows].map((row, place) => ({ row, place, key: keyOf(row.cells[column]) }));
  rows.sort((a, b) => compare(a.key, b.key, direction) || a.place - b.place);
  body.append(...rows.map(r => r.row));
}

function keyOf(cell) {
  if (cell.dataset.value !== undefined) return Number(cell.dataset.value);
  return cell.tagName === 'TH' ? cell.firstChild.textContent : null;
}

function compare(a, b, direction) {
  if (a === null || b === null) return (a === null) - (b === null);
  return direction * (typeof a === 'number' ? a - b : a.localeCompare(b, 'en', { numeric: true }));
}
