/**
 * A video's own time. `hasOffset`: the writer gave its offset from UTC (QuickTime creation date), so `utcMs` is certain.
 * Otherwise `utcMs` is the container's clock, UTC by its standards, which some cameras set to local time: `localText` is
 * the same clock as text (`2026-01-14T08:15:00.000`), to be read as local where the user says so.
 */
export type VideoCreationTime = { utcMs?: number; localText?: string; hasOffset: boolean };

const CLOCK = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?\s*(Z|[+-]\d{2}:?\d{2})?$/;

export function readCreationTime(tags: { quickTime?: string | undefined; container?: string | undefined }): VideoCreationTime | undefined {
  const quickTime = parseClock(tags.quickTime);
  if (quickTime?.offsetMinutes !== undefined) {
    return { utcMs: quickTime.wallMs - quickTime.offsetMinutes * 60_000, localText: quickTime.text, hasOffset: true };
  }
  const container = parseClock(tags.container) ?? quickTime;
  if (!container) return undefined;
  return { utcMs: container.wallMs - (container.offsetMinutes ?? 0) * 60_000, localText: container.text, hasOffset: false };
}

type Clock = { wallMs: number; text: string; offsetMinutes: number | undefined };

function parseClock(tag: string | undefined): Clock | undefined {
  const match = CLOCK.exec(tag?.trim() ?? '');
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', zone] = match;
  const text = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}`;
  const wallMs = Date.parse(`${text}Z`);
  // Date.parse takes 31 April for 1 May.
  if (Number.isNaN(wallMs) || new Date(wallMs).toISOString() !== `${text}Z`) return undefined;
  return { wallMs, text, offsetMinutes: zone === undefined ? undefined : zoneMinutes(zone) };
}

function zoneMinutes(zone: string): number {
  if (zone === 'Z') return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  return sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2)));
}
