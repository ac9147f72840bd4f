import { fillDedupKey } from '../dedup-key.ts';
import type { AlertDetection, AlertEvent, AlertRule } from './alert-rule.ts';

/** The zone an alert is about: the first of the detection's that the rule lists, the first of all when it lists none. */
export function zoneOf(rule: Pick<AlertRule, 'zone_ids'>, detection: AlertDetection | undefined): string | null {
  const listed = rule.zone_ids ?? [];
  return detection?.zoneIds.find((id) => listed.length === 0 || listed.includes(id)) ?? null;
}

/** The key that alerts of a rule repeat each other by, for the best detection that matched (§10.4). */
export function dedupKeyOf(rule: AlertRule, event: AlertEvent, detection: AlertDetection | undefined): string {
  return fillDedupKey(rule.dedup_key_template, {
    camera_id: event.cameraId,
    rule_id: rule.id,
    object_type: detection?.label,
    zone_id: zoneOf(rule, detection),
    sequence_id: event.sequenceId,
  });
}
