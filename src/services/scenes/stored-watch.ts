import type { Knex } from 'knex';

import { findSceneCheckpoint, type ReferenceFacts, type SceneCheckpointRow } from '../../db/models/scene-checkpoints.ts';
import { findNewestSceneCheck } from '../../db/models/scene-checks.ts';
import { findSceneReferences, type SceneReferenceRow } from '../../db/models/scene-references.ts';
import { SCENE_MODES } from '../../domain/scene/scene-luma.ts';
import { acceptScene, INITIAL_SCENE_WATCH } from '../../domain/scene/scene-watch.ts';
import type { SceneReference, SceneReferences, SceneWatch } from '../../domain/scene/scene-watch.ts';
import { decodeGrey, encodeGreyPng } from '../../media/grey-picture.ts';

/** A watch as a checkpoint stores it; the picture of the last look is among the looks. */
export async function toCheckpoint(watch: SceneWatch, place: { cameraId: string; at: Date }): Promise<SceneCheckpointRow> {
  const { day, ir } = watch.references;
  return {
    camera_id: place.cameraId,
    reached_at: place.at,
    looks: watch.looks,
    state: { scene: watch.state, references: { day: factsOf(day), ir: factsOf(ir) } },
    day_reference: day && (await encodeGreyPng(day.picture)),
    ir_reference: ir && (await encodeGreyPng(ir.picture)),
  };
}

function factsOf(reference: SceneReference | null): ReferenceFacts['day'] {
  return reference && { takenAtMs: reference.takenAtMs, adaptions: reference.adaptions };
}

/** Where judging goes on for looks from a time on: the newest checkpoint before it, or the very beginning. */
export async function loadWatch(knex: Knex, place: { cameraId: string; before?: Date }): Promise<{ watch: SceneWatch; at: Date | null }> {
  const stored = await findSceneCheckpoint(knex, place);
  if (!stored) return { watch: INITIAL_SCENE_WATCH, at: null };
  const { cameraId } = place;
  const last = await findNewestSceneCheck(knex, { cameraId, until: stored.reached_at });
  const watch: SceneWatch = {
    state: stored.state.scene,
    references: await referencesOf(stored),
    last: last?.picture ? { mode: last.mode, picture: await decodeGrey(last.picture) } : null,
    looks: stored.looks,
    isBehind: false,
  };
  return { watch, at: stored.reached_at };
}

export async function referencesOf(stored: SceneCheckpointRow): Promise<SceneReferences> {
  const { day, ir } = stored.state.references;
  return { day: await toReference(day, stored.day_reference), ir: await toReference(ir, stored.ir_reference) };
}

async function toReference(facts: ReferenceFacts['day'], picture: Buffer | null): Promise<SceneReference | null> {
  return facts && picture && { ...facts, picture: await decodeGrey(picture) };
}

export async function accept(watch: SceneWatch, { mode, picture, taken_at: takenAt }: SceneReferenceRow): Promise<SceneWatch> {
  const reference = picture && takenAt ? { picture: await decodeGrey(picture), takenAtMs: takenAt.getTime(), adaptions: 0 } : null;
  return acceptScene(watch, mode, reference);
}

export type CurrentReference = SceneReference & { mode: keyof SceneReferences };

/** What the next look of a camera will be compared with. */
export async function currentReferences(knex: Knex, cameraId: string): Promise<CurrentReference[]> {
  const start = await loadWatch(knex, { cameraId });
  let { watch } = start;
  for (const row of await findSceneReferences(knex, { cameraId, from: start.at })) watch = await accept(watch, row);
  return SCENE_MODES.flatMap((mode) => {
    const reference = watch.references[mode];
    return reference ? [{ mode, ...reference }] : [];
  });
}
