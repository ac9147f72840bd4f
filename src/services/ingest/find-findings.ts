import type { Knex } from 'knex';

import { countOpenSceneChanges } from '../../db/models/scene-changes.ts';
import { countRatedEvents, findSpansOfRun } from '../../db/queries/run-findings.ts';
import { levelsOfFinding, type FindingKind } from '../../domain/run-findings.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import { reportCoverage } from '../coverage/report-coverage.ts';

/** How often there is what was asked for; only what there is. */
export type Finding = { kind: FindingKind; count: number };

type FindOptions = { runId: string; kinds: readonly FindingKind[]; alertsRaised: number; zones: ZoneSettings };

/** Looks for what `--fail-on` names in what a run took in and rated (§11). */
export async function findFindings(knex: Knex, options: FindOptions): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const kind of new Set(options.kinds)) {
    const count = await countFindings(knex, kind, options);
    if (count > 0) findings.push({ kind, count });
  }
  return findings;
}

async function countFindings(knex: Knex, kind: FindingKind, { runId, alertsRaised, zones }: FindOptions): Promise<number> {
  if (kind === 'alert') return alertsRaised;
  if (kind === 'tamper') return countOpenSceneChanges(knex, { runId });
  if (kind === 'gap') return countHoles(knex, { runId, zones });
  return countRatedEvents(knex, { runId, levels: levelsOfFinding(kind) });
}

/** Holes between the first and the last footage of the run, camera by camera. */
async function countHoles(knex: Knex, { runId, zones }: Pick<FindOptions, 'runId' | 'zones'>): Promise<number> {
  let holes = 0;
  for (const { camera_id: cameraId, since, until } of await findSpansOfRun(knex, runId)) {
    const scope = { since: since.toISOString(), until: new Date(until.getTime() + 1).toISOString(), cameras: [cameraId] };
    for await (const report of await reportCoverage(knex, { scope, zones })) holes += report.holes.length;
  }
  return holes;
}
