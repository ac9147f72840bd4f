import type { Knex } from 'knex';
import { streamEvents } from '../../db/queries/events.ts';
import type { AlertEvent, AlertRule } from '../../domain/alerts/alert-rule.ts';
import { matchRule, type ConditionResult } from '../../domain/alerts/match-rule.ts';
import { dedupKeyOf } from '../../domain/alerts/dedup-key-of.ts';
import { isInCooldown } from '../../domain/alerts/plan-alerts.ts';
import { formatLocal } from '../../domain/time/local-time.ts';
import type { ExportValue } from '../../exporters/export-record.ts';
import { batch } from '../../lib/batch.ts';
import { loadAlertEvents } from '../alerts/load-alert-events.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import { resolveScope, type ListScope } from '../lists/resolve-scope.ts';
import { getRule } from './get-rule.ts';

/** Columns of what a rule would have done. */
export const RULE_TEST_COLUMNS = [
  'event_id',
  'started_at',
  'camera_id',
  'result',
  'failed_condition',
  'wanted',
  'found',
  'object_type',
  'dedup_key',
  'started_at_local',
] as const;

export const RULE_TEST_LIST_COLUMNS = RULE_TEST_COLUMNS.slice(0, 8);

export type RuleTestRecord = Readonly<Record<(typeof RULE_TEST_COLUMNS)[number], ExportValue>>;

export type TestRuleOptions = { rule: string; scope: ListScope; zones: ZoneSettings; matchesOnly: boolean };

const EVENTS_AT_ONCE = 500;

/**
 * What a rule would do about stored events, in footage order: `alert`, `suppressed` by its cooldown, or `miss` with the first
 * condition that fails. Nothing is written, and alerts there are do not matter.
 */
export async function testRule(knex: Knex, options: TestRuleOptions): Promise<AsyncIterable<RuleTestRecord>> {
  const rule = await getRule(knex, options.rule);
  const filter = await resolveScope(knex, options.scope, options.zones);
  return tested(knex, { ...options, found: rule, filter });
}

type Testing = TestRuleOptions & { found: AlertRule; filter: Awaited<ReturnType<typeof resolveScope>> };

async function* tested(knex: Knex, { found: rule, filter, zones, matchesOnly }: Testing): AsyncIterable<RuleTestRecord> {
  const lastMs = new Map<string, number>();
  const events = streamEvents(knex, { filter, sort: { field: 'started_at', descending: false } });
  for await (const page of batch(events, { count: EVENTS_AT_ONCE })) {
    const eventIds = page.map(({ id }) => id);
    for (const event of await loadAlertEvents(knex, { eventIds, rules: [rule], zones })) {
      const record = judge(rule, event, lastMs);
      if (!matchesOnly || record.result !== 'miss') yield record;
    }
  }
}

function judge(rule: AlertRule, event: AlertEvent, lastMs: Map<string, number>): RuleTestRecord {
  const { matched, conditions, detection } = matchRule(rule, event);
  const failed = conditions.find(({ holds }) => !holds);
  const key = matched ? dedupKeyOf(rule, event, detection) : null;
  return {
    event_id: event.id,
    started_at: new Date(event.startedAtMs),
    camera_id: event.cameraId,
    result: key === null ? 'miss' : resultFor(key, event.startedAtMs, { lastMs, cooldownMs: rule.cooldown_seconds * 1000 }),
    ...failure(failed),
    object_type: detection?.label ?? null,
    dedup_key: key,
    started_at_local: formatLocal(event.startedAtMs, event.timezone),
  };
}

function resultFor(key: string, atMs: number, { lastMs, cooldownMs }: { lastMs: Map<string, number>; cooldownMs: number }): string {
  const last = lastMs.get(key);
  if (last !== undefined && isInCooldown(last, atMs, cooldownMs)) return 'suppressed';
  lastMs.set(key, atMs);
  return 'alert';
}

function failure(failed: ConditionResult | undefined): Pick<RuleTestRecord, 'failed_condition' | 'wanted' | 'found'> {
  return { failed_condition: failed?.condition ?? null, wanted: shown(failed?.wanted), found: shown(failed?.found) };
}

function shown(value: unknown): ExportValue {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number' || typeof value === 'string') return value;
  return Array.isArray(value) ? value.map(String) : JSON.stringify(value);
}
