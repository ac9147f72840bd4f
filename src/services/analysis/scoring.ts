import { createHash } from 'node:crypto';
import type { Knex } from 'knex';

import type { EventFacts } from '../../domain/risk/event-facts.ts';
import type { ModelVerdict } from '../../domain/risk/model-verdict.ts';
import type { RiskPoints } from '../../domain/risk/risk-points.ts';
import { RULES_VERSION, type RuleOptions } from '../../domain/risk/rule-score.ts';
import type { RuleVerdict } from '../../domain/risk/rule-verdict.ts';
import type { RiskThresholds } from '../../domain/risk-level.ts';
import { loadCameraOffsets, type CalibrationSettings } from '../calibration/load-camera-offsets.ts';
import { loadThresholds } from '../calibration/load-thresholds.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';

/** The settings that scores depend on. */
export type ScoringSettings = ZoneSettings & { risk: { points: RiskPoints }; calibration: CalibrationSettings };

/**
 * Asks somebody else for a verdict. `code` says why there is none; the score by rules counts then. `keepRecord` stores what was asked and
 * said, in the transaction that stores the score.
 */
export type EventJudge = (facts: EventFacts, rule: RuleVerdict) => Promise<JudgeOutcome>;
export type JudgeOutcome = ({ kind: 'judged'; verdict: ModelVerdict } | { kind: 'failed'; code: string }) & {
  keepRecord?: (trx: Knex.Transaction, runId: string | null) => Promise<void>;
};

/** What scoring needs beside the events. */
export type Scoring = {
  settings: ScoringSettings;
  thresholds: RiskThresholds;
  /** What feedback on single cameras adds to their scores. */
  offsets: ReadonlyMap<string, number>;
  fingerprint: string;
  /** Null for what is taken back. */
  runId: string | null;
};

export type ScoringOptions = Pick<Scoring, 'settings' | 'runId'>;

export async function openScoring(knex: Knex, options: ScoringOptions): Promise<Scoring> {
  const { calibration, risk } = options.settings;
  const thresholds = await loadThresholds(knex, calibration.user);
  const offsets = await loadCameraOffsets(knex, calibration);
  return { ...options, thresholds, offsets, fingerprint: rulesFingerprint(risk.points) };
}

/** What events of a camera are scored with. */
export function toRuleOptions({ settings, thresholds, offsets }: Scoring, cameraId: string): Required<RuleOptions> {
  return { points: settings.risk.points, thresholds, offset: offsets.get(cameraId) ?? 0 };
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
