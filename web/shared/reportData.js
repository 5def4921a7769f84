/**
 * The data of a report's document, which stand in script elements, each read when it is first asked for: the figures and the
 * traces as JSON, the texts as compressed JSON. A page of 20,000 items opens fast because a cell's texts are not looked at
 * before they are compared.
 */
export function reportData(document) {
  const read = new Map();

  function once(name, reader) {
    if (!read.has(name)) {
      const element = document.getElementById(`data-${name}`);
      read.set(name, element ? reader(element.textContent) : null);
    }
    return read.get(name);
  }

  /** The data of a name, or null where the page has none. */
  const data = name => once(name, JSON.parse);

  /** The texts of a name, as a promise. */
  const texts = name => once(name, unpack);

  return {
    report: data('report'),
    traces: () => data('traces'),
    /** What a list of items reads (items/section.js). */
    items: { cells: data('report')?.cells.map(cell => cell.cell) ?? [], items: () => texts('items'), texts: cell => texts(`texts-${cell}`) },
  };
}

async function unpack(base64) {
  const packed = Uint8Array.from(atob(base64), character => character.charCodeAt(0));
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))).json();
}
