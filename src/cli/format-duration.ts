const UNITS = [
  { name: 'd', seconds: 86_400 },
  { name: 'h', seconds: 3_600 },
  { name: 'm', seconds: 60 },
  { name: 's', seconds: 1 },
];

/** `850 ms`, `12s`, `1m 10s`, `2h 5m`, `3d 4h`: the two largest units. */
export function formatDuration(durationMs: number): string {
  if (!Number.isFinite(durationMs) || durationMs < 0) return 'unknown';
  if (durationMs < 1000) return `${String(Math.round(durationMs))} ms`;
  let rest = Math.round(durationMs / 1000);
  const parts: string[] = [];
  for (const { name, seconds } of UNITS) {
    const amount = Math.floor(rest / seconds);
    rest -= amount * seconds;
    if (amount > 0 || parts.length > 0) parts.push(`${String(amount)}${name}`);
  }
  return parts
    .slice(0, 2)
    .filter((part, index) => index === 0 || !part.startsWith('0'))
    .join(' ');
}
