import { createHash } from 'node:crypto';
import type { Knex } from 'knex';

import type { EventFacts } from '../../domain/risk/event-facts.ts';
import type { ModelVerdict } from '../../domain/risk/model-verdict.ts';
import type { RiskPoints } from '../../domain/risk/risk-points.ts';
import { RULES_VERSION } from '../../domain/risk/rule-score.ts';
import type { RuleVerdict } from '../../domain/risk/rule-verdict.ts';
import type { RiskThresholds } from '../../domain/risk-level.ts';
import { loadThresholds } from '../calibration/load-thresholds.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';

/** The settings that scores depend on. */
export type ScoringSettings = ZoneSettings & { risk: { points: RiskPoints } };

/** Asks somebody else for a verdict. `code` says why there is none; the score by rules counts then. */
export type EventJudge = (facts: EventFacts, rule: RuleVerdict) => Promise<JudgeOutcome>;
export type JudgeOutcome = { kind: 'judged'; verdict: ModelVerdict } | { kind: 'failed'; code: string };

/** What scoring needs beside the events. */
export type Scoring = {
  settings: ScoringSettings;
  thresholds: RiskThresholds;
  fingerprint: string;
  runId: string;
  /** Called in the transaction that stores verdicts, with the events that were written. */
  afterSave?: ((trx: Knex.Transaction, eventIds: readonly number[]) => Promise<void>) | undefined;
};

export type ScoringOptions = Pick<Scoring, 'settings' | 'runId' | 'afterSave'>;

/** Whose calibration scores are rated by. */
const CALIBRATION_USER = 'default';

export async function openScoring(knex: Knex, options: ScoringOptions): Promise<Scoring> {
  const thresholds = await loadThresholds(knex, CALIBRATION_USER);
  return { ...options, thresholds, fingerprint: rulesFingerprint(options.settings.risk.points) };
}

/** Short text that is another one when the rules or their points are others; the order of keys does not matter. */
export function rulesFingerprint(points: RiskPoints): string {
  const flat = Object.entries(points).flatMap(([name, worth]: [string, number | Record<string, number>]) =>
    typeof worth === 'number' ? [`${name} ${String(worth)}`] : Object.entries(worth).map(([key, one]) => `${name}.${key} ${String(one)}`),
  );
  return createHash('sha256')
    .update([`rules ${String(RULES_VERSION)}`, ...flat.sort()].join('\n'))
    .digest('hex')
    .slice(0, 16);
}
