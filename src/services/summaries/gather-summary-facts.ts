import type { Knex } from 'knex';

import { streamSceneChanges } from '../../db/queries/scene-changes.ts';
import { countLevels, findSeriousEvents, type SeriousEventRow } from '../../db/queries/summaries.ts';
import type { Severity } from '../../domain/enums.ts';
import type { SeriousEvent } from '../../domain/summary.ts';
import { formatLocal } from '../../domain/time/local-time.ts';
import { cameraZone, type ZoneSettings } from '../cameras/camera-zone.ts';
import { reportCoverage } from '../coverage/report-coverage.ts';

/** What a summary is written from. */
export type SummaryFacts = {
  eventsByLevel: Partial<Record<Severity | 'unscored', number>>;
  /** In the order they began. */
  serious: SeriousEvent[];
  /** Changed views that nobody has acknowledged and that are not over. */
  openSceneChanges: { camera: string; type: string; since: Date }[];
  /** Pauses in the footage that are longer than usual. */
  coverageHoles: { camera: string; holes: number; missing_s: number }[];
};

type Span = { since: Date; until: Date };

/** What is stored about a span of footage. */
export async function gatherSummaryFacts(knex: Knex, span: Span, zones: ZoneSettings): Promise<SummaryFacts> {
  const levels = await countLevels(knex, span);
  const rows = await findSeriousEvents(knex, span);
  return {
    eventsByLevel: Object.fromEntries(levels.map(({ level, events }) => [level ?? 'unscored', events])),
    serious: rows.map((row) => toSeriousEvent(row, zones)),
    openSceneChanges: await findOpenChanges(knex, span),
    coverageHoles: await findHoles(knex, span, zones),
  };
}

const CLOCK_FROM = 11;
const CLOCK_UNTIL = 16;

function toSeriousEvent(row: SeriousEventRow, zones: ZoneSettings): SeriousEvent {
  const startedAtMs = row.started_at.getTime();
  return {
    id: row.id,
    cameraId: row.camera_id,
    cameraName: row.camera_name,
    startedAtMs,
    clock: formatLocal(startedAtMs, cameraZone(row, zones)).slice(CLOCK_FROM, CLOCK_UNTIL),
    score: row.risk_score,
    level: row.risk_level,
    summary: row.summary,
    objectTypes: row.object_types,
  };
}

async function findOpenChanges(knex: Knex, { until }: Span): Promise<SummaryFacts['openSceneChanges']> {
  const changes: SummaryFacts['openSceneChanges'] = [];
  const sort = { field: 'detected_at', descending: false } as const;
  for await (const row of streamSceneChanges(knex, { filter: { open: true, until }, sort })) {
    changes.push({ camera: row.camera_id, type: row.change_type, since: row.detected_at });
  }
  return changes;
}

async function findHoles(knex: Knex, { since, until }: Span, zones: ZoneSettings): Promise<SummaryFacts['coverageHoles']> {
  const scope = { since: since.toISOString(), until: until.toISOString() };
  const found: SummaryFacts['coverageHoles'] = [];
  for await (const { cameraId, holes } of await reportCoverage(knex, { scope, zones })) {
    const missingMs = holes.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
    if (holes.length > 0) found.push({ camera: cameraId, holes: holes.length, missing_s: Math.round(missingMs / 1000) });
  }
  return found;
}
