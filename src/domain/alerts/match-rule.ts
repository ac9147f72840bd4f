import { groupOf } from '../classes.ts';
import type { AlertDetection, AlertEvent, AlertRuleConditions } from './alert-rule.ts';
import { holdsInSchedule } from './alert-schedule.ts';

/** One condition that is set, and what it met. */
export type ConditionResult = { condition: string; holds: boolean; wanted: unknown; found: unknown };

/** `detection`: the best one that satisfies the rule; none when nothing about detections is asked and the event has none. */
export type RuleMatch = { matched: boolean; conditions: ConditionResult[]; detection?: AlertDetection };

/**
 * Whether an event satisfies all conditions of a rule that are set (§10.4). Conditions about what was seen must hold for one and the
 * same detection; once no detection is left the further ones are not looked at.
 */
export function matchRule(rule: AlertRuleConditions, event: AlertEvent): RuleMatch {
  const heads = matchHead(rule, event);
  const seen = matchDetections(rule, event);
  const conditions = [...heads, ...seen.conditions];
  const matched = conditions.every(({ holds }) => holds);
  const detection = matched ? bestOf(seen.left) : undefined;
  return { matched, conditions, ...(detection === undefined ? {} : { detection }) };
}

/** What can be told without the detections: score, camera, schedule, anomaly. */
export function matchHead(rule: AlertRuleConditions, event: Omit<AlertEvent, 'detections' | 'tracks'>): ConditionResult[] {
  const { risk_threshold: threshold, camera_ids: cameras, schedule } = rule;
  const minAnomaly = rule.conditions?.min_anomaly;
  const results: ConditionResult[] = [];
  if (threshold !== null) results.push(atLeast('risk_threshold', threshold, event.riskScore));
  if (isSet(cameras)) {
    results.push({ condition: 'camera_ids', holds: cameras.includes(event.cameraId), wanted: cameras, found: event.cameraId });
  }
  if (schedule !== null) {
    const holds = holdsInSchedule(schedule, event.startedAtMs, event.timezone);
    results.push({ condition: 'schedule', holds, wanted: schedule, found: new Date(event.startedAtMs).toISOString() });
  }
  if (minAnomaly !== undefined) results.push(atLeast('min_anomaly', minAnomaly, event.anomaly));
  return results;
}

function atLeast(condition: string, wanted: number, found: number | null): ConditionResult {
  return { condition, holds: found !== null && found >= wanted, wanted, found };
}

type Narrowing = {
  condition: string;
  wanted: unknown;
  keeps: (one: AlertDetection) => boolean;
  found: (of: readonly AlertDetection[]) => unknown;
};

function matchDetections(rule: AlertRuleConditions, event: AlertEvent): { conditions: ConditionResult[]; left: readonly AlertDetection[] } {
  const conditions: ConditionResult[] = [];
  let left = event.detections;
  for (const { condition, wanted, keeps, found } of narrowings(rule, event)) {
    const kept = left.filter(keeps);
    conditions.push({ condition, holds: kept.length > 0, wanted, found: found(kept.length > 0 ? kept : left) });
    if (kept.length === 0) return { conditions, left: kept };
    left = kept;
  }
  const wantedCount = rule.conditions?.object_count;
  if (wantedCount !== undefined) {
    const count = new Set(left.flatMap(({ trackId }) => trackId ?? [])).size;
    conditions.push(atLeast('object_count', wantedCount, count));
  }
  return { conditions, left };
}

function narrowings(rule: AlertRuleConditions, event: AlertEvent): Narrowing[] {
  const { object_types: types, min_confidence: minScore, zone_ids: zones } = rule;
  return [
    ...(isSet(types) ? [byType(types)] : []),
    ...(minScore === null ? [] : [byScore(minScore)]),
    ...(isSet(zones) ? [byZone(zones)] : []),
    ...byTrack(rule, event),
  ];
}

function byType(types: readonly string[]): Narrowing {
  const wanted = types.map((type) => type.toLowerCase());
  const keeps = ({ label }: AlertDetection): boolean =>
    wanted.includes(label.toLowerCase()) || wanted.includes(groupOf(label.toLowerCase()));
  return { condition: 'object_types', wanted: types, keeps, found: (of) => [...new Set(of.map(({ label }) => label))].sort() };
}

function byScore(minScore: number): Narrowing {
  return {
    condition: 'min_confidence',
    wanted: minScore,
    keeps: ({ score }) => score >= minScore,
    found: (of) => bestOf(of)?.score ?? null,
  };
}

function byZone(zones: readonly string[]): Narrowing {
  return {
    condition: 'zone_ids',
    wanted: zones,
    keeps: ({ zoneIds }) => zoneIds.some((id) => zones.includes(id)),
    found: (of) => [...new Set(of.flatMap(({ zoneIds }) => zoneIds))].sort(),
  };
}

function byTrack(rule: AlertRuleConditions, { tracks }: AlertEvent): Narrowing[] {
  const { min_dwell_seconds: minDwell, trust } = rule.conditions ?? {};
  const trustOf = ({ trackId }: AlertDetection): string => (trackId === null ? undefined : tracks.get(trackId)?.trust) ?? 'unknown';
  const dwellOf = ({ trackId }: AlertDetection): number => {
    const stays = [...((trackId === null ? undefined : tracks.get(trackId)?.dwellMs) ?? [])];
    return Math.max(0, ...stays.filter(([zone]) => !isSet(rule.zone_ids) || rule.zone_ids.includes(zone)).map(([, ms]) => ms)) / 1000;
  };
  const dwell: Narrowing = {
    condition: 'min_dwell_seconds',
    wanted: minDwell,
    keeps: (one) => dwellOf(one) >= (minDwell ?? 0),
    found: (of) => Math.max(0, ...of.map(dwellOf)),
  };
  const trusted: Narrowing = {
    condition: 'trust',
    wanted: trust,
    keeps: (one) => trust?.some((wanted) => wanted === trustOf(one)) === true,
    found: (of) => [...new Set(of.map(trustOf))].sort(),
  };
  return [...(minDwell === undefined ? [] : [dwell]), ...(isSet(trust) ? [trusted] : [])];
}

function bestOf(detections: readonly AlertDetection[]): AlertDetection | undefined {
  return detections.reduce<AlertDetection | undefined>(
    (best, one) => (best === undefined || one.score > best.score || (one.score === best.score && isEarlier(one, best)) ? one : best),
    undefined,
  );
}

function isEarlier(a: AlertDetection, b: AlertDetection): boolean {
  return a.detectedAtMs < b.detectedAtMs || (a.detectedAtMs === b.detectedAtMs && a.id < b.id);
}

function isSet<Item>(list: readonly Item[] | null | undefined): list is readonly Item[] {
  return list !== null && list !== undefined && list.length > 0;
}
