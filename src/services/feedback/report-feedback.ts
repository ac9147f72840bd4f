import type { Knex } from 'knex';

import { streamJudged, type JudgedRow } from '../../db/queries/feedback.ts';
import { COUNTER_OF_TYPE, countFeedback, type FeedbackCounts } from '../../domain/calibration/feedback-counts.ts';
import { feedbackPrecision, feedbackRecall } from '../../domain/calibration/precision.ts';
import { SEVERITIES } from '../../domain/enums.ts';
import { riskLevel, type RiskThresholds } from '../../domain/risk-level.ts';
import { loadThresholds } from '../calibration/load-thresholds.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import { resolveScope, type ListScope } from '../lists/resolve-scope.ts';

/** What feedback is reported by. */
export const REPORT_DIMENSIONS = ['camera', 'rule', 'level', 'prompt_version', 'risk_source'] as const;
export type ReportDimension = (typeof REPORT_DIMENSIONS)[number];

/** Columns of `hs feedback report` in their order; new ones are only ever added at the end. */
export const REPORT_COLUMNS = [
  'by',
  'value',
  'precision',
  'low',
  'high',
  'correct_count',
  'false_positive_count',
  'missed_threat_count',
  'severity_wrong_count',
  'recall',
  'recall_low',
  'recall_high',
] as const;

/**
 * How often alarms of one kind were right, and how much of what mattered was one; `low` and `high` bound the precision at 95 %, the others
 * the recall. Null: unmeasured.
 */
export type ReportRecord = FeedbackCounts & {
  by: ReportDimension;
  value: string;
  precision: number | null;
  low: number | null;
  high: number | null;
  recall: number | null;
  recall_low: number | null;
  recall_high: number | null;
};

export type ReportFeedbackOptions = {
  scope: ListScope;
  by: readonly ReportDimension[];
  /** Whose thresholds say which level a score is. */
  userId: string;
  zones: ZoneSettings;
};

const DECIMALS = 1e4;

/** Precision and recall of each camera, rule, level, prompt version and source of scores (§10.7). */
export async function reportFeedback(knex: Knex, options: ReportFeedbackOptions): Promise<ReportRecord[]> {
  const filter = await resolveScope(knex, options.scope, options.zones);
  const thresholds = await loadThresholds(knex, options.userId);
  const groups = new Map(options.by.map((by) => [by, new Map<string, FeedbackCounts>()]));
  for await (const row of streamJudged(knex, filter)) {
    for (const [by, group] of groups) {
      for (const value of valuesOf(row, by, thresholds)) {
        const counts = group.get(value) ?? countFeedback([]);
        counts[COUNTER_OF_TYPE[row.feedback_type]] += 1;
        group.set(value, counts);
      }
    }
  }
  return [...groups].flatMap(([by, group]) => toRecords(by, group));
}

/** Those of one row: an event that raised alerts of several rules counts for each. */
function valuesOf(row: JudgedRow, by: ReportDimension, thresholds: RiskThresholds): string[] {
  switch (by) {
    case 'camera':
      return [row.camera_id];
    case 'rule':
      return row.rules;
    case 'level':
      return row.score_at_feedback === null ? [] : [riskLevel(row.score_at_feedback, thresholds)];
    case 'prompt_version':
      return row.prompt_version === null ? [] : [String(row.prompt_version)];
    case 'risk_source':
      return row.risk_source === null ? [] : [row.risk_source];
  }
}

function toRecords(by: ReportDimension, group: ReadonlyMap<string, FeedbackCounts>): ReportRecord[] {
  return [...group]
    .sort(([a], [b]) => place(by, a) - place(by, b) || (a < b ? -1 : 1))
    .map(([value, counts]) => {
      const measured = feedbackPrecision(counts);
      const interval = {
        precision: rounded(measured?.share),
        low: rounded(measured?.low),
        high: rounded(measured?.high),
      };
      const recalled = feedbackRecall(counts) ?? undefined;
      const recall = { recall: rounded(recalled?.share), recall_low: rounded(recalled?.low), recall_high: rounded(recalled?.high) };
      return { by, value, ...interval, ...counts, ...recall };
    });
}

/** Levels by how severe they are, versions by number, everything else by name. */
function place(by: ReportDimension, value: string): number {
  if (by === 'level') return SEVERITIES.findIndex((level) => level === value);
  return by === 'prompt_version' ? Number(value) : 0;
}

function rounded(share: number | undefined): number | null {
  return share === undefined ? null : Math.round(share * DECIMALS) / DECIMALS;
}
