// Times for readers.
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });

/** A point in time: "30 Nov 2026, 19:04". */
export const moment = time => day.format(new Date(time));

/** How long ago, or how long until: "5 min. ago". */
export function ago(time) {
  const seconds = (new Date(time) - Date.now()) / 1000;
  for (const [unit, length] of [['day', 86_400], ['hour', 3600], ['minute', 60]])
    if (Math.abs(seconds) >= length) return relative.format(Math.round(seconds / length), unit);
  return 'just now';
}

/** A length of time in its largest units, two of them or fewer: "1 h 5 min", "12.3 s". */
export function duration(seconds, most = 2) {
  if (seconds < 1) return `${Math.round(1000 * seconds)} ms`;
  if (seconds < 60) return `${Number(seconds.toPrecision(3))} s`;
  const whole = Math.round(seconds), parts = [[Math.floor(whole / 86_400), 'd'], [Math.floor(whole / 3600) % 24, 'h'], [Math.floor(whole / 60) % 60, 'min'], [whole % 60, 's']];
  const first = parts.findIndex(([n]) => n > 0);
  return parts.slice(first, first + most).filter(([n]) => n > 0).map(([n, unit]) => `${n} ${unit}`).join(' ');
}
