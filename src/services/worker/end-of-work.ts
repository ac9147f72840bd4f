import { deadlineOf, type DeadlineFlags } from '../ingest/to-ingest-request.ts';

/** The instant after which a worker takes nothing more; undefined: none was given. */
export function endOfWork(
  flags: { 'max-duration'?: number | undefined; until?: { hour: number; minute: number } | undefined },
  settings: DeadlineFlags['settings'],
  now: Date,
): Date | undefined {
  return deadlineOf({ 'max-duration': flags['max-duration'], 'stop-at': flags.until, settings, now });
}
