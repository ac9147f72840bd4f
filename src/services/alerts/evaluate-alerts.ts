import type { Knex } from 'knex';
import type { AlertRuleRow } from '../../db/models/alert-rules.ts';
import {
  dismissUnmatchedAlerts,
  insertAlerts,
  lockAlertRules,
  lockStandingAlerts,
  withdrawAlerts,
  type AlertToStore,
} from '../../db/models/fire-alerts.ts';
import { findEventsWithin, inFootageOrder, keepEvents } from '../../db/queries/alert-facts.ts';
import { uuidV7 } from '../../db/uuid-v7.ts';
import type { AlertDetection, AlertEvent } from '../../domain/alerts/alert-rule.ts';
import { dedupKeyOf, zoneOf } from '../../domain/alerts/dedup-key-of.ts';
import { matchRule, type RuleMatch } from '../../domain/alerts/match-rule.ts';
import { planAlerts, type StandingAlert } from '../../domain/alerts/plan-alerts.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import { loadAlertEvents } from './load-alert-events.ts';

export type EvaluateAlertsOptions = {
  /** Events that were analysed, in any order. */
  eventIds: readonly number[];
  /** Which time zones cameras live in. */
  zones: ZoneSettings;
  signal?: AbortSignal;
};

export type AlertsOutcome = {
  /** Alerts there are now that were not there before. */
  created: number;
  /** Times a rule matched and an alert of the same key was near. */
  suppressed: number;
  /** Alerts nobody was told of whose rule no longer matches. */
  dismissed: number;
};

const EVENTS_AT_ONCE = 500;

type Work = { eventIds: readonly number[]; ruleIds?: readonly string[] };

/**
 * Raises the alerts of events, of all enabled rules, and takes those back that no longer hold (§10.4). What there is in the end
 * depends on the stored events and on what somebody was told before, not on the order or the number of runs. Each page of events is
 * a transaction of its own; a run that was killed is made up for by evaluating the same events again.
 */
export async function evaluateAlerts(knex: Knex, { eventIds, zones, signal }: EvaluateAlertsOptions): Promise<AlertsOutcome> {
  const outcome = { created: 0, suppressed: 0, dismissed: 0 };
  const begin = uuidV7();
  const work: Work[] = [{ eventIds: await inFootageOrder(knex, eventIds) }];
  for (let item = work.shift(); item !== undefined; item = work.shift()) {
    for (let start = 0; start < item.eventIds.length; start += EVENTS_AT_ONCE) {
      signal?.throwIfAborted();
      const page = { ...item, eventIds: item.eventIds.slice(start, start + EVENTS_AT_ONCE) };
      const settled = await knex.transaction((trx) => evaluatePage(trx, page, zones));
      outcome.created += settled.fired - settled.withdrawn.filter(({ id }) => id > begin).length;
      outcome.suppressed += settled.suppressed;
      outcome.dismissed += settled.dismissed.length;
      work.push(...(await findRoom(knex, settled)));
    }
  }
  return outcome;
}

type Settled = {
  rules: readonly AlertRuleRow[];
  fired: number;
  suppressed: number;
  withdrawn: readonly StandingAlert[];
  dismissed: readonly StandingAlert[];
};

async function evaluatePage(trx: Knex.Transaction, { eventIds, ruleIds }: Work, zones: ZoneSettings): Promise<Settled> {
  const rules = await lockAlertRules(trx, ruleIds);
  if (rules.length === 0) return { rules, fired: 0, suppressed: 0, withdrawn: [], dismissed: [] };
  await keepEvents(trx, eventIds);
  const candidates = (await loadAlertEvents(trx, { eventIds, rules, zones })).flatMap((event) => toCandidates(event, rules));
  const standing = await lockStandingAlerts(trx, { ruleIds: rules.map(({ id }) => id), eventIds, candidates });
  const unmatched = findUnmatched(standing, { eventIds, candidates });
  const plan = planAlerts(
    candidates,
    standing.filter((alert) => !unmatched.includes(alert)),
  );
  await withdrawAlerts(
    trx,
    plan.withdraw.map(({ id }) => id),
  );
  await dismissUnmatchedAlerts(
    trx,
    unmatched.map(({ id }) => id),
  );
  // `planAlerts` hands its candidates back as they were.
  const fired = await insertAlerts(trx, plan.fire as AlertToStore[]);
  return { rules, fired, suppressed: plan.suppressed.length, withdrawn: plan.withdraw, dismissed: unmatched };
}

function toCandidates(event: AlertEvent, rules: readonly AlertRuleRow[]): AlertToStore[] {
  return rules.flatMap((rule) => {
    const match = matchRule(rule, event);
    return match.matched ? [toCandidate(event, rule, match)] : [];
  });
}

function toCandidate(event: AlertEvent, rule: AlertRuleRow, { conditions, detection }: RuleMatch): AlertToStore {
  return {
    ruleId: rule.id,
    eventId: event.id,
    batchId: event.batchId,
    occurredAtMs: event.startedAtMs,
    cooldownMs: rule.cooldown_seconds * 1000,
    severity: rule.severity,
    channels: rule.channels,
    dedupKey: dedupKeyOf(rule, event, detection),
    metadata: {
      rule_name: rule.name,
      conditions: conditions.map(({ condition, wanted, found }) => ({ condition, wanted, found })),
      ...seenOf(rule, detection),
    },
  };
}

type Seen = { detection_id: number | null; object_type: string | null; track_id: number | null; zone_id: string | null };

/** What of the best detection is kept with the alert. */
function seenOf(rule: AlertRuleRow, detection: AlertDetection | undefined): Seen {
  if (detection === undefined) return { detection_id: null, object_type: null, track_id: null, zone_id: null };
  return { detection_id: detection.id, object_type: detection.label, track_id: detection.trackId, zone_id: zoneOf(rule, detection) };
}

type Looked = { eventIds: readonly number[]; candidates: readonly AlertToStore[] };

/** Alerts of the events looked at whose rule does not match any more. */
function findUnmatched(standing: readonly StandingAlert[], { eventIds, candidates }: Looked): StandingAlert[] {
  const looked = new Set(eventIds);
  const matched = new Set(candidates.map(({ ruleId, eventId }) => `${ruleId} ${String(eventId)}`));
  return standing.filter(({ isFixed, ruleId, eventId }) => !isFixed && looked.has(eventId) && !matched.has(`${ruleId} ${String(eventId)}`));
}

/** Where an alert is gone, events after it that it kept quiet may fire now. */
async function findRoom(knex: Knex, { rules, withdrawn, dismissed }: Settled): Promise<Work[]> {
  const cooldowns = new Map(rules.map((rule) => [rule.id, rule.cooldown_seconds * 1000]));
  const gone = [...withdrawn, ...dismissed].filter(({ ruleId }) => (cooldowns.get(ruleId) ?? 0) > 0);
  if (gone.length === 0) return [];
  const spans = gone.map(({ ruleId, occurredAtMs }) => ({
    from: new Date(occurredAtMs),
    until: new Date(occurredAtMs + (cooldowns.get(ruleId) ?? 0)),
  }));
  const eventIds = await inFootageOrder(knex, await findEventsWithin(knex, spans));
  return [{ eventIds, ruleIds: [...new Set(gone.map(({ ruleId }) => ruleId))] }];
}
