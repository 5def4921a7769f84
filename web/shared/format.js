// Numbers for readers: as many digits as mean something.

/** What stands where nothing is known. */
export const unknown = '–';

/** A count with thousands parted. */
export const count = value => value.toLocaleString('en-US');

/** A number of things: "1 item", "2,000 items". */
export const counted = (value, thing) => `${count(value)} ${thing}${value === 1 ? '' : 's'}`;

/** A score with the metric's decimals. */
export const score = (value, decimals) => Number.isFinite(value) ? value.toFixed(decimals) : unknown;

/** A quantity to three significant digits. */
export function quantity(value) {
  if (!Number.isFinite(value)) return unknown;
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 100) return count(Math.round(value));
  if (size < 1e-4) return value.toExponential(2);
  return String(Number(value.toPrecision(3)));
}

/** A quantity with its unit; short times in milliseconds. */
export const measured = (value, unit) => unit === 's' && value < 1 ? `${quantity(1000 * value)} ms` : `${quantity(value)}${unit ? ` ${unit}` : ''}`;
