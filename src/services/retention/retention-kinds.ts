import { expiresBefore, parseAge } from './parse-age.ts';

/** What has a keep time of its own. `footage` is everything that was seen: events, tracks, detections, looks at views, and their clips. */
export const RETENTION_KINDS = ['footage', 'activity_hours', 'gpu_stats', 'jobs', 'logs', 'audit_logs'] as const;
export type RetentionKind = (typeof RETENTION_KINDS)[number];

/** Keep times as the settings hold them: an age such as `30d`, or `never`. */
export type RetentionSettings = Readonly<Record<(typeof SETTING_OF)[RetentionKind], string>>;

const SETTING_OF = {
  footage: 'footage',
  activity_hours: 'activityHours',
  gpu_stats: 'gpuStats',
  jobs: 'jobs',
  logs: 'logs',
  audit_logs: 'auditLogs',
} as const satisfies Record<RetentionKind, string>;

export const NEVER = 'never';

export function keepTimeOf(settings: RetentionSettings, kind: RetentionKind): string {
  return settings[SETTING_OF[kind]];
}

/** The instant before which something is over age at another instant; undefined where it never is. */
export function expiryOf(keep: string, at: Date): Date | undefined {
  return keep === NEVER ? undefined : expiresBefore(parseAge(keep), at);
}
