import type { Knex } from 'knex';

import { insertAlertRule, type NewAlertRule } from '../../src/db/models/alert-rules.ts';
import { uuidV7 } from '../../src/db/uuid-v7.ts';

/** Kinds of conditions that people combine; a fifth of the rules match nothing, one everything. */
const KINDS: readonly Omit<NewAlertRule, 'id' | 'name'>[] = [
  { risk_threshold: 60, severity: 'high' },
  { object_types: ['person'], zone_ids: ['c0entry_point', 'c1entry_point', 'c2entry_point'], min_confidence: 0.5 },
  { object_types: ['vehicle'], schedule: { start_time: '22:00', end_time: '06:00' }, severity: 'high' },
  { camera_ids: ['c3', 'c4'], risk_threshold: 30, cooldown_seconds: 3_600 },
  { schedule: { days: ['friday', 'saturday'], start_time: '20:00', end_time: '04:00', timezone: 'Europe/Berlin' } },
  { conditions: { min_dwell_seconds: 5 }, object_types: ['person'] },
  { conditions: { trust: ['unknown', 'untrusted'] }, risk_threshold: 40 },
  { conditions: { min_anomaly: 0.95 } },
  { object_types: ['dog'], cooldown_seconds: 0 },
  { risk_threshold: 100, severity: 'critical' },
];

export async function fillAlertRules(knex: Knex, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const kind = KINDS[n % KINDS.length] ?? {};
    await insertAlertRule(knex, { ...kind, id: uuidV7(), name: `rule ${String(n)}` });
  }
}
