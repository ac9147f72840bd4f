import type { Knex } from 'knex';

import { listExperimentResults, type ExperimentResultRow } from '../../db/models/experiment-results.ts';
import { listExperiments as listRows } from '../../db/models/experiments.ts';
import { countArms, listExperimentFeedback, type ArmCounts, type JudgedFeedback } from '../../db/queries/experiments.ts';
import type { ExperimentArm } from '../../domain/enums.ts';
import { agreesWithFeedback, pairFigures, quantile, stopAdvice, type PairFigures } from '../../domain/experiment.ts';
import { toExperimentRecord, type ExperimentRecord } from './experiment-record.ts';
import { getExperiment } from './get-experiment.ts';

/** Latest first. */
export async function listExperiments(knex: Knex): Promise<ExperimentRecord[]> {
  return (await listRows(knex)).map(toExperimentRecord);
}

export type ArmReport = {
  asked: number;
  failed: number;
  /** Of those that were answered in some way. */
  invalid_share: number | null;
  latency_p50_ms: number | null;
  latency_p95_ms: number | null;
};

export type ExperimentReport = ExperimentRecord &
  PairFigures & {
    control: ArmReport;
    treatment: ArmReport;
    latency_ratio_p50: number | null;
    /** Events with feedback, and how many of them each version has the level right of. */
    feedback: { events: number; control: number; treatment: number } | null;
    /** Why to stop it; nothing does so by itself. */
    advice: string[];
  };

/** How the versions of an experiment compare. Throws a usage error when there is none of that name. */
export async function reportExperiment(knex: Knex, name?: string): Promise<ExperimentReport> {
  const row = await getExperiment(knex, name);
  const pairs = await listExperimentResults(knex, row.name);
  const arms = await countArms(knex, row.id);
  const figures = pairFigures(pairs);
  const [control, treatment] = [reportArm('control', arms, pairs), reportArm('treatment', arms, pairs)];
  const latencyRatio = ratio(treatment.latency_p50_ms, control.latency_p50_ms);
  const compared = row.mode === 'shadow' ? figures.pairs : Math.min(control.asked - control.failed, treatment.asked - treatment.failed);
  const invalidRise =
    control.invalid_share === null || treatment.invalid_share === null ? null : treatment.invalid_share - control.invalid_share;
  return {
    ...toExperimentRecord(row),
    ...rounded(figures),
    control,
    treatment,
    latency_ratio_p50: round(latencyRatio),
    feedback: countAgreement(await listExperimentFeedback(knex, row)),
    advice: stopAdvice({ compared, latencyRatio, rmsDiff: figures.rms_diff, invalidRise }),
  };
}

/** Results outlive the events whose questions are counted; then their latencies are what is left. */
function reportArm(arm: ExperimentArm, arms: readonly ArmCounts[], pairs: readonly ExperimentResultRow[]): ArmReport {
  const counts = arms.find((each) => each.arm === arm);
  const ofPairs = pairs.map((pair) => (arm === 'control' ? pair.v1_latency_ms : pair.v2_latency_ms));
  const latencies = counts === undefined || counts.latencies_ms.length === 0 ? ofPairs : counts.latencies_ms;
  const { asked, failed, invalid } = counts ?? { asked: 0, failed: 0, invalid: 0 };
  const answered = asked - failed + invalid;
  return {
    asked,
    failed,
    invalid_share: answered === 0 ? null : round(invalid / answered),
    latency_p50_ms: round(quantile(latencies, 0.5)),
    latency_p95_ms: round(quantile(latencies, 0.95)),
  };
}

function countAgreement(feedback: readonly JudgedFeedback[]): ExperimentReport['feedback'] {
  if (feedback.length === 0) return null;
  const right = (key: 'control_level' | 'treatment_level'): number =>
    feedback.filter((each) => agreesWithFeedback(each, each[key], each.stored_level) === true).length;
  return { events: feedback.length, control: right('control_level'), treatment: right('treatment_level') };
}

function ratio(a: number | null, b: number | null): number | null {
  return a === null || b === null || b === 0 ? null : a / b;
}

function rounded(figures: PairFigures): PairFigures {
  const { mean_diff, mean_abs_diff, rms_diff, correlation } = figures;
  return {
    ...figures,
    mean_diff: round(mean_diff),
    mean_abs_diff: round(mean_abs_diff),
    rms_diff: round(rms_diff),
    correlation: round(correlation),
  };
}

function round<Value extends number | null>(value: Value): Value {
  return (value === null ? null : Math.round(value * 10_000) / 10_000) as Value;
}
