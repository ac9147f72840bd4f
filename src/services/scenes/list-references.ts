import type { Knex } from 'knex';

import { listCameraNames } from '../../db/queries/cameras.ts';
import type { SceneMode } from '../../domain/scene/scene-luma.ts';
import { writeAtomically } from '../../lib/write-atomically.ts';
import { encodeGreyPng } from '../../media/grey-picture.ts';
import { drawSideBySide } from '../../media/drawing/draw-side-by-side.ts';
import { matchCameras } from '../lists/match-names.ts';
import { currentReferences, type CurrentReference } from './stored-watch.ts';

/** `adaptions`: how often it was moved a little towards what was seen since. */
export type ReferenceRecord = { camera_id: string; mode: SceneMode; taken_at: Date; adaptions: number; width: number; height: number };

export type ListedReference = { record: ReferenceRecord; reference: CurrentReference };

/** How the views of cameras should be, as the next looks will be compared with them. */
export async function listReferences(
  knex: Knex,
  { cameras, mode }: { cameras?: readonly string[] | undefined; mode?: SceneMode | undefined },
): Promise<ListedReference[]> {
  const known = await listCameraNames(knex);
  const ids = cameras ? matchCameras(known, cameras) : known.map(({ id }) => id);
  const found: ListedReference[] = [];
  for (const id of ids) {
    for (const reference of await currentReferences(knex, id)) {
      if (mode === undefined || reference.mode === mode) found.push({ record: toRecord(id, reference), reference });
    }
  }
  return found;
}

function toRecord(cameraId: string, { mode, takenAtMs, adaptions, picture: { width, height } }: CurrentReference): ReferenceRecord {
  return { camera_id: cameraId, mode, taken_at: new Date(takenAtMs), adaptions, width, height };
}

/** Writes a labelled PNG of references beside each other. */
export async function writeReferencesPicture(references: readonly ListedReference[], path: string): Promise<void> {
  await writeAtomically(path, [await drawReferences(references)]);
}

async function drawReferences(references: readonly ListedReference[]): Promise<Buffer> {
  const panels = references.map(async ({ record, reference }) => ({
    title: record.mode === 'ir' ? 'Infrared' : 'Day',
    text: `${record.camera_id}, since ${record.taken_at.toISOString()}`,
    bytes: await encodeGreyPng(reference.picture),
  }));
  return drawSideBySide(await Promise.all(panels), 'reference of the view');
}
