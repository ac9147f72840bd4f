import { utcToLocal } from '../time/local-time.ts';

/** `+5`, `−5`, `+0`. */
export function signed(points: number): string {
  return points < 0 ? `−${String(-points)}` : `+${String(points)}`;
}

/** `45 s`, `2 min 30 s`, `6 min`, `1 h 5 min`. */
export function durationWords(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1000));
  const parts: [number, string][] = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ];
  const first = parts.findIndex(([amount]) => amount > 0);
  if (first === -1) return '0 s';
  return parts
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${String(amount)} ${unit}`)
    .join(' ');
}

/** `08:15` in a zone. */
export function clockWords(atMs: number, zone: string): string {
  const { hour, minute } = utcToLocal(atMs, zone);
  return `${twoDigits(hour)}:${twoDigits(minute)}`;
}

/** `08:15:09` in a zone. */
export function preciseClockWords(atMs: number, zone: string): string {
  return `${clockWords(atMs, zone)}:${twoDigits(utcToLocal(atMs, zone).second)}`;
}

export function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const IRREGULAR: ReadonlyMap<string, string> = new Map([
  ['person', 'people'],
  ['bus', 'buses'],
  ['motion', 'motion'],
]);

/** `1 person`, `2 people`, `3 cars`. */
export function countWords(count: number, label: string): string {
  return `${String(count)} ${count === 1 ? label : (IRREGULAR.get(label) ?? `${label}s`)}`;
}
