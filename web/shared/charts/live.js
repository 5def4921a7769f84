/**
 * Keeps charts as they should look: drawn again when the theme changes, small and light on paper, ended with the signal.
 * charts answers those that there are at the moment.
 */
export function keepDrawn(charts, signal) {
  const redraw = () => { for (const chart of charts()) chart.redraw(); };
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw, { signal });
  const print = on => {
    document.documentElement.toggleAttribute('data-print', on); // light colours
    for (const chart of charts()) chart.print(on);
  };
  addEventListener('beforeprint', () => print(true), { signal });
  addEventListener('afterprint', () => print(false), { signal });
  signal?.addEventListener('abort', () => { for (const chart of charts()) chart.end(); });
}
