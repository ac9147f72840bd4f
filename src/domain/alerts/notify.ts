import type { Severity } from '../enums.ts';
import { isQuiet, type QuietPeriod } from '../quiet-hours.ts';

/** Why nobody is told of an alert. */
export type QuietReason = 'master' | 'level' | 'camera' | 'quiet' | 'backfill' | 'snooze';

/** Whom to tell of what, as the user set it. */
export type NotifyPreferences = {
  /** Master switch. */
  enabled: boolean;
  /** Levels that notify. */
  levels: readonly Severity[];
  /** A camera without an entry notifies. */
  cameras: ReadonlyMap<string, { enabled: boolean; riskThreshold: number }>;
  quietHours: readonly QuietPeriod[];
  /** Footage that began longer ago wakes nobody. */
  maxAgeMs: number;
};

/** What an alert is about. */
export type NotifySubject = {
  cameraId: string;
  timezone: string;
  startedAtMs: number;
  /** As stored with the event. */
  level: Severity | null;
  score: number | null;
  snoozeUntilMs: number | null;
};

/** Whether to tell somebody, and everything that speaks against it (§10.5). */
export function notify(subject: NotifySubject, preferences: NotifyPreferences, nowMs: number): { send: boolean; reasons: QuietReason[] } {
  const held: Record<QuietReason, boolean> = {
    master: !preferences.enabled,
    level: subject.level === null || !preferences.levels.includes(subject.level),
    camera: isCameraHeld(subject, preferences),
    ...heldByTime(subject, preferences, nowMs),
  };
  const reasons = (Object.keys(held) as QuietReason[]).filter((reason) => held[reason]);
  return { send: reasons.length === 0, reasons };
}

/** The reasons that hold for whatever a camera reports, with or without a score. */
export function heldByTime(
  subject: Pick<NotifySubject, 'startedAtMs' | 'timezone' | 'snoozeUntilMs'>,
  { quietHours, maxAgeMs }: Pick<NotifyPreferences, 'quietHours' | 'maxAgeMs'>,
  nowMs: number,
): Record<'quiet' | 'backfill' | 'snooze', boolean> {
  return {
    quiet: isQuiet(quietHours, new Date(subject.startedAtMs), subject.timezone),
    backfill: nowMs - subject.startedAtMs > maxAgeMs,
    snooze: subject.snoozeUntilMs !== null && subject.snoozeUntilMs > nowMs,
  };
}

function isCameraHeld({ cameraId, score }: NotifySubject, { cameras }: NotifyPreferences): boolean {
  const setting = cameras.get(cameraId);
  if (setting === undefined) return false;
  return !setting.enabled || (score ?? 0) < setting.riskThreshold;
}
