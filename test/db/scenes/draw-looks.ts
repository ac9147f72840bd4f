import { createHash } from 'node:crypto';
import type { Knex } from 'knex';

import { insertSceneChecks, type NewSceneCheck } from '../../../src/db/models/scene-checks.ts';
import type { SceneMode, ScenePicture } from '../../../src/domain/scene/scene-luma.ts';
import { encodeGreyJpeg } from '../../../src/media/grey-picture.ts';
import { seededRandom } from '../../unit/domain/make-detections.ts';

/** What a camera sees: its own view, nothing but darkness, a hand, another corner of the yard. */
export type View = 'own' | 'dark' | 'covered' | 'turned' | 'frozen';

export type Look = { camera: string; minute: number; view: View; mode?: SceneMode; width?: number };

const START_MS = Date.parse('2026-01-14T08:00:00Z');
const SHAPE = 2 / 3;

export function atMinute(minute: number): Date {
  return new Date(START_MS + minute * 60_000);
}

/** A file of one look each, as an ingest stores it; the looks are not judged. */
export async function storeLooks(knex: Knex, looks: readonly Look[]): Promise<void> {
  const checks = await Promise.all(looks.map(async (look) => toCheck(await fileOf(knex, look), look)));
  await knex.transaction((trx) => insertSceneChecks(trx, checks));
}

export function pathOf({ camera, minute }: Pick<Look, 'camera' | 'minute'>): string {
  return `/footage/${camera}/${String(minute)}.jpg`;
}

async function fileOf(knex: Knex, look: Look): Promise<number> {
  const path = pathOf(look);
  await knex('cameras')
    .insert({ id: look.camera, name: look.camera, folder_path: `/footage/${look.camera}` })
    .onConflict()
    .ignore();
  const [row] = await knex('media_files')
    .insert({
      camera_id: look.camera,
      path,
      content_sha256: createHash('sha256').update(path).digest('hex'),
      size_bytes: 1,
      modified_at: atMinute(look.minute),
      media_type: 'image',
      captured_at: atMinute(look.minute),
      ended_at: atMinute(look.minute),
      captured_at_source: 'filename',
      status: 'pending',
    })
    .returning<{ id: number }[]>('id');
  return row!.id;
}

async function toCheck(fileId: number, { minute, view, mode = 'day', width = 96 }: Look): Promise<NewSceneCheck> {
  const picture = drawView(view, { minute, mode, width });
  return { fileId, offsetMs: 0, mode, frameWidth: 960, frameHeight: 640, passing: [], picture: await encodeGreyJpeg(picture, picture) };
}

type Drawing = { minute: number; mode: SceneMode; width: number };

/** The view with the noise of that minute; a camera that hangs has no new noise. */
export function drawView(view: View, { minute, mode, width }: Drawing): ScenePicture {
  const noise = seededRandom(view === 'frozen' ? 7 : minute * 31 + 1);
  const height = Math.round(width * SHAPE);
  const [sx, sy] = view === 'turned' ? [0.35, 0.2] : [0, 0];
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const grain = 6 * (noise() - 0.5);
      data[y * width + x] =
        view === 'dark' ? 2 + grain / 6 : view === 'covered' ? 90 + grain : scenery(x / width + sx, y / height + sy, mode) + grain;
    }
  }
  return { width, height, data };
}

/** Walls, windows and a fence: something with edges everywhere. */
function scenery(x: number, y: number, mode: SceneMode): number {
  const ground = mode === 'ir' ? 60 : 110;
  const wall = (Math.floor(x * 7) * 3 + Math.floor(y * 5) * 5) % 4;
  const fence = Math.sin(x * 90) * Math.sin(y * 40) > 0.4 ? 30 : 0;
  return Math.max(0, Math.min(250, ground + wall * 30 + fence));
}

/** What is stored about scenes, without ids and without what the order of runs may change. */
export async function readScenes(knex: Knex): Promise<{ changes: unknown[]; looks: unknown[]; pictures: unknown[] }> {
  const changes = await knex('scene_changes')
    .select('camera_id', 'detected_at', 'change_type', 'similarity_score', 'reason', 'mode', 'ended_at', 'file_path', 'acknowledged')
    .orderBy(['camera_id', 'detected_at']);
  const looks = await knex('scene_checks')
    .select(
      'camera_id',
      'checked_at',
      'mode',
      'similarity',
      'mean',
      'deviation',
      'sharpness',
      'reference_sharpness',
      'difference',
      'judged',
    )
    .orderBy(['camera_id', 'checked_at']);
  const pictures = await knex('scene_change_pictures as p')
    .join('scene_changes as s', 's.id', 'p.scene_change_id')
    .select('s.camera_id', 's.detected_at', 'p.reference', 'p.changed')
    .orderBy(['s.camera_id', 's.detected_at']);
  return { changes, looks, pictures };
}
