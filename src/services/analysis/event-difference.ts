import type { RiskSource, Severity } from '../../domain/enums.ts';
import { formatLocal } from '../../domain/time/local-time.ts';
import { NO_ALERT_CHANGE, type AlertChange } from './alert-changes.ts';
import type { ScoredEvent } from './score-page.ts';

/** An event that is, or would be, rated otherwise than before. */
export type EventDifference = {
  event_id: number;
  started_at: Date;
  started_at_local: string;
  camera_id: string;
  /** `alerts`: only its alerts change. */
  change: 'rated' | 'rescored' | 'appears' | 'disappears' | 'alerts';
  old_score: number | null;
  old_level: Severity | null;
  new_score: number | null;
  new_level: Severity | null;
  old_source: RiskSource;
  new_source: RiskSource;
  old_rule_score: number | null;
  new_rule_score: number | null;
  /** Names of rules; told of a what-if, where nobody has been told of the alerts themselves. */
  alerts_raised: readonly string[];
  alerts_gone: readonly string[];
};

export const DIFFERENCE_COLUMNS = [
  'event_id',
  'started_at',
  'started_at_local',
  'camera_id',
  'change',
  'old_score',
  'old_level',
  'new_score',
  'new_level',
  'old_source',
  'new_source',
  'old_rule_score',
  'new_rule_score',
  'alerts_raised',
  'alerts_gone',
] as const satisfies readonly (keyof EventDifference)[];

export const DIFFERENCE_LIST_COLUMNS = [
  'event_id',
  'started_at',
  'camera_id',
  'change',
  'old_score',
  'old_level',
  'new_score',
  'new_level',
  'alerts_raised',
  'alerts_gone',
] as const satisfies readonly (typeof DIFFERENCE_COLUMNS)[number][];

/** Nothing for an event that stays as it was. */
export function toDifference(event: ScoredEvent, isNew: boolean, alerts: AlertChange = NO_ALERT_CHANGE): EventDifference[] {
  const { id, cameraId, timezone, startedAtMs, before, after } = event;
  const isSame = before.score === after.score && before.level === after.level && before.ruleScore === after.ruleScore;
  if (!isNew && isSame && alerts === NO_ALERT_CHANGE) return [];
  const change = isSame ? 'alerts' : before.score === null ? 'rated' : 'rescored';
  return [
    {
      event_id: id,
      started_at: new Date(startedAtMs),
      started_at_local: formatLocal(startedAtMs, timezone),
      camera_id: cameraId,
      change: isNew ? 'appears' : change,
      old_score: before.score,
      old_level: before.level,
      new_score: after.score,
      new_level: after.level,
      old_source: before.source,
      new_source: after.source,
      old_rule_score: before.ruleScore,
      new_rule_score: after.ruleScore,
      alerts_raised: alerts.raised,
      alerts_gone: alerts.gone,
    },
  ];
}

/** An event as it was before its footage was grouped again. */
export type FormerEvent = {
  id: number;
  camera_id: string;
  started_at: Date;
  risk_score: number | null;
  risk_level: Severity | null;
  risk_source: RiskSource;
  rule_score: number | null;
};

export function toDisappearance(event: FormerEvent, timezone: string, alerts: AlertChange = NO_ALERT_CHANGE): EventDifference {
  return {
    event_id: event.id,
    started_at: event.started_at,
    started_at_local: formatLocal(event.started_at.getTime(), timezone),
    camera_id: event.camera_id,
    change: 'disappears',
    old_score: event.risk_score,
    old_level: event.risk_level,
    new_score: null,
    new_level: null,
    old_source: event.risk_source,
    new_source: 'none',
    old_rule_score: event.rule_score,
    new_rule_score: null,
    alerts_raised: alerts.raised,
    alerts_gone: alerts.gone,
  };
}
