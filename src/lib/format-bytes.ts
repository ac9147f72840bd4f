const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** `512 B`, `1.5 GB`: decimal units, two digits at most. */
export function formatBytes(bytes: number): string {
  let amount = bytes;
  let unit = 0;
  while (amount >= 1000 && unit < UNITS.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  return `${amount >= 10 || unit === 0 ? String(Math.round(amount)) : amount.toFixed(1)} ${UNITS[unit] ?? ''}`;
}
