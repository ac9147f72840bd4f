import { coveredHours } from '../../domain/coverage/covered-hours.ts';
import type { Interval } from '../../domain/coverage/interval.ts';
import { DAY_MS } from '../../domain/coverage/local-hours.ts';
import { deriveRecordingMode } from '../../domain/coverage/recording-mode.ts';
import type { RecordingMode } from '../../domain/enums.ts';

/** By what the newest 30 days of footage look like; null without footage. The mode put in does not matter for how full an hour is. */
export function recordingModeOf(coverage: readonly Interval[], zone: string): RecordingMode | null {
  const endMs = coverage.at(-1)?.endMs;
  if (endMs === undefined) return null;
  const window = { startMs: endMs - 30 * DAY_MS, endMs };
  return deriveRecordingMode(coveredHours({ coverage, zone, mode: 'continuous' }, window), endMs);
}
