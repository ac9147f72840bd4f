import type { Knex } from 'knex';

import { findFileCosts, type FileCostRow } from '../../db/queries/ingest-costs.ts';
import type { CostSample } from '../../domain/plan/estimate-work.ts';
import type { SeenFile } from '../ingest/scan/scan-context.ts';
import type { AnalysisSettings } from '../ingest/worker/analysis-task.ts';
import { unitsOf, workKey, type PlanBook } from './plan-book.ts';
import { probeFiles } from './probe-files.ts';

type Kind = 'image' | 'video';

/** What the figures of one kind of files rest on. */
export type Basis = { kind: Kind; from: 'earlier runs' | 'probe' | 'nothing'; files: number };

export type MeasuredCosts = { samples: CostSample[]; basis: Basis[]; probe_s: number | null };

export type MeasureOptions = {
  knex: Knex;
  book: PlanBook;
  analysis: { settings: AnalysisSettings; modelFingerprint: string };
  probeMs: number;
  signal: AbortSignal;
  /** Called when files are about to be analysed. */
  onProbe: () => void;
};

const EACH_KIND = 300;
/** With fewer files of a kind in earlier runs a probe says more. */
const ENOUGH = 5;

/** What files take, by earlier runs that analysed in the same way; of kinds that had too few there, by a probe of some of the files themselves. */
export async function measureCosts({ knex, book, analysis, probeMs, signal, onProbe }: MeasureOptions): Promise<MeasuredCosts> {
  const rows = await findFileCosts(knex, { modelFingerprint: analysis.modelFingerprint, eachKind: EACH_KIND });
  const earlier = rows.map(toSample).filter((sample) => sample.units > 0);
  const kinds = [...new Set(book.groups().map(({ kind }) => kind))].sort();
  const unmeasured = kinds.filter((kind) => earlier.filter((sample) => sample.kind === kind).length < ENOUGH);
  const startedAt = performance.now();
  const isProbed = unmeasured.length > 0 && probeMs > 0;
  if (isProbed) onProbe();
  const probed: CostSample[] = [];
  for (const kind of unmeasured) {
    const files = inProbeOrder(book.sample(kind));
    const budgetMs = probeMs / unmeasured.length;
    probed.push(...(await probeFiles({ settings: analysis.settings, files, budgetMs, signal })));
  }
  const samples = kinds.flatMap((kind) => samplesOf(kind, { earlier, probed }));
  return {
    samples,
    basis: kinds.map((kind) => basisOf(kind, { earlier, probed })),
    probe_s: isProbed ? Math.round((performance.now() - startedAt) / 100) / 10 : null,
  };
}

/** Where footage is long, the short videos are those that a probe has the time for. */
function inProbeOrder(files: readonly SeenFile[]): SeenFile[] {
  return files.toSorted((a, b) => (a.durationMs ?? 0) - (b.durationMs ?? 0));
}

type Measured = { earlier: readonly CostSample[]; probed: readonly CostSample[] };

function samplesOf(kind: Kind, { earlier, probed }: Measured): CostSample[] {
  const fresh = probed.filter((sample) => sample.kind === kind);
  return fresh.length > 0 ? fresh : earlier.filter((sample) => sample.kind === kind);
}

function basisOf(kind: Kind, measured: Measured): Basis {
  const files = samplesOf(kind, measured).length;
  if (files === 0) return { kind, from: 'nothing', files };
  return { kind, from: measured.probed.some((sample) => sample.kind === kind) ? 'probe' : 'earlier runs', files };
}

function toSample({
  media_type: mediaType,
  codec,
  height,
  duration_ms: durationMs,
  analysis_ms: analysisMs,
  detections,
}: FileCostRow): CostSample {
  const facts = { mediaType, codec: codec ?? undefined, height: height ?? undefined, durationMs: durationMs ?? undefined };
  return { key: workKey(facts), kind: mediaType, units: unitsOf(facts) ?? 0, analysisMs, detections };
}
