import type { Knex } from 'knex';

import { findSceneChangePictures } from '../../db/models/scene-change-pictures.ts';
import { streamSceneChanges } from '../../db/queries/scene-changes.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { writeAtomically } from '../../lib/write-atomically.ts';
import { drawSideBySide } from '../../media/drawing/draw-side-by-side.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import { toSceneChangeRecord, type SceneChangeRecord } from './scene-change-record.ts';

/** One change. Throws UsageError for an unknown id. */
export async function showSceneChange(knex: Knex, id: number, settings: ZoneSettings): Promise<SceneChangeRecord> {
  for await (const row of streamSceneChanges(knex, { filter: { id }, sort: { field: 'id', descending: false } })) {
    return toSceneChangeRecord(row, settings);
  }
  throw noSuchSceneChange(id);
}

/** Writes a PNG of the view before and then, labelled; a file of that name is replaced. */
export async function writeSceneChangePicture(knex: Knex, change: SceneChangeRecord, path: string): Promise<void> {
  await writeAtomically(path, [await drawSceneChange(knex, change)]);
}

async function drawSceneChange(knex: Knex, change: SceneChangeRecord): Promise<Buffer> {
  const pictures = await findSceneChangePictures(knex, Number(change.id));
  const {
    camera_id: camera,
    change_type: type,
    reason,
    similarity_score: similarity,
    mode,
    detected_at_local: at,
    file_path: path,
  } = change;
  const why = reason === null ? '' : ` (${String(reason)})`;
  return drawSideBySide(
    [
      { title: 'Reference', text: `${String(camera)}, ${String(mode ?? 'day')}`, bytes: pictures?.reference ?? null },
      { title: 'Then', text: String(at), bytes: pictures?.changed ?? null },
    ],
    `${String(type)}${why}, similarity ${String(similarity)}    ${String(path ?? '')}`,
  );
}

export function noSuchSceneChange(id: number): UsageError {
  return new UsageError(`there is no scene change ${String(id)}`, {
    code: 'scene_change_unknown',
    hint: '`hs scene-changes list` shows the ids there are',
  });
}
