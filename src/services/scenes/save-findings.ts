import type { Knex } from 'knex';

import { saveSceneChangePictures } from '../../db/models/scene-change-pictures.ts';
import { deleteStaleSceneChanges, findSceneChangeAt, updateSceneChange, upsertSceneChange } from '../../db/models/scene-changes.ts';
import { findNewestSceneCheck } from '../../db/models/scene-checks.ts';
import type { SceneState } from '../../domain/scene/scene-monitor.ts';
import { encodeGreyPng } from '../../media/grey-picture.ts';
import type { JudgedSpan, SpanFinding } from './judge-span.ts';

type Place = { cameraId: string; mustReach: Date };

/** Stores what a span was found to hold, in place of what an earlier run found there. */
export async function saveFindings(trx: Knex.Transaction, { start, findings }: JudgedSpan, place: Place): Promise<void> {
  for (const found of findings.values()) await saveFinding(trx, place.cameraId, found);
  await deleteStaleSceneChanges(trx, {
    cameraId: place.cameraId,
    from: start.at && firstPossible(start.watch.state, start.at),
    until: place.mustReach,
    found: [...findings.keys()].map((ms) => new Date(ms)),
  });
}

/** A finding begins with the first changed look, which may lie before the checkpoint. */
function firstPossible({ changed, serious }: SceneState, at: Date): Date {
  return new Date(Math.min(at.getTime() + 1, changed?.firstMs ?? Infinity, serious?.firstMs ?? Infinity));
}

async function saveFinding(trx: Knex.Transaction, cameraId: string, found: SpanFinding): Promise<void> {
  const at = new Date(found.detectedAtMs);
  const id = found.finding ? await storeChange(trx, cameraId, found) : (await findSceneChangeAt(trx, { cameraId, at }))?.id;
  if (id === undefined) return;
  const { settledBy, endedAtMs } = found;
  const endedAt = settledBy?.origin === 'reset' ? settledBy.valid_from : endedAtMs === null ? null : new Date(endedAtMs);
  await updateSceneChange(trx, id, {
    ended_at: endedAt,
    ...(settledBy?.origin === 'ack' ? { acknowledged: true, acknowledged_at: settledBy.created_at } : {}),
  });
}

async function storeChange(
  trx: Knex.Transaction,
  cameraId: string,
  { finding, references, detectedAtMs }: SpanFinding,
): Promise<number | undefined> {
  if (!finding) return undefined;
  const at = new Date(detectedAtMs);
  const look = await findNewestSceneCheck(trx, { cameraId, until: at });
  const mode = look?.mode ?? null;
  const { id } = await upsertSceneChange(trx, {
    camera_id: cameraId,
    detected_at: at,
    change_type: finding.changeType,
    similarity_score: Math.round(finding.similarity * 1e4) / 1e4,
    reason: finding.reason,
    mode,
    file_path: finding.filePath,
  });
  // A covered day view may have no colour left.
  const reference = (mode && references[mode]) ?? references.day ?? references.ir;
  await saveSceneChangePictures(trx, {
    scene_change_id: id,
    reference: reference && (await encodeGreyPng(reference.picture)),
    changed: look?.picture ?? null,
  });
  return id;
}
