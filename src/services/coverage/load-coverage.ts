import type { Knex } from 'knex';

import { streamReadFootage, type CoverageFileRow, type ReadFootageRow } from '../../db/queries/coverage-files.ts';
import { createCoverageBuilder, type FootageFile } from '../../domain/coverage/camera-coverage.ts';
import { JOIN_MS, type Interval } from '../../domain/coverage/interval.ts';

/** When a camera recorded; with a span only as far as files with a part in it say so. Memory holds the union, not the files. */
export async function loadCoverage(knex: Knex, cameraId: string, span?: Interval): Promise<Interval[]> {
  const builder = createCoverageBuilder();
  const limits = span && { from: new Date(span.startMs), until: new Date(span.endMs) };
  for await (const row of streamReadFootage(knex, { cameraId, joinMs: JOIN_MS, span: limits })) builder.add(toReadFootage(row));
  return builder.coverage();
}

function toReadFootage({ started, ended, is_still: isStill }: ReadFootageRow): FootageFile {
  const lengthMs = ended.getTime() - started.getTime();
  return { startMs: started.getTime(), isStill, outcome: 'complete', readableMs: lengthMs, claimedMs: lengthMs };
}

export function toFootageFile(row: CoverageFileRow): FootageFile {
  const startMs = row.captured_at.getTime();
  const lengthMs = row.ended_at === null ? 0 : row.ended_at.getTime() - startMs;
  return {
    startMs,
    isStill: row.media_type === 'image',
    outcome: outcomeOf(row.status),
    readableMs: lengthMs,
    claimedMs: Math.max(lengthMs, row.duration_ms ?? 0),
  };
}

function outcomeOf(status: string): FootageFile['outcome'] {
  if (status === 'failed' || status === 'empty') return 'failed';
  return status === 'partial' ? 'partial' : 'complete';
}
