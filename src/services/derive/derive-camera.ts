import type { Knex } from 'knex';

import { againAfterConflict } from '../../db/again-after-conflict.ts';
import { findUnderivedFiles, lockCameraDerivation, markDerived, type UnderivedFileRow } from '../../db/models/derivation.ts';
import type { Span } from './derivation-window.ts';
import { deriveEvents, type EventChanges } from './derive-events.ts';
import { deriveTracks, type CameraToDerive } from './derive-tracks.ts';

/** Longest footage that is derived in one transaction, and how many files it may come from: memory stays bounded. */
const MAX_SPAN_MS = 6 * 3_600_000;
const MAX_FILES = 2_000;

export type DeriveOptions = { knex: Knex; camera: CameraToDerive; signal?: AbortSignal };

/**
 * Brings tracks and events of a camera up to its detections, only where footage changed. Any order of arrival and any
 * number of interruptions end in the same tracks and events, ids aside.
 */
export async function deriveCamera(options: DeriveOptions): Promise<EventChanges> {
  const total: EventChanges = { created: 0, changed: 0, absorbed: 0, deleted: 0, orphaned: [], clips: [] };
  while (options.signal?.aborted !== true) {
    const changes = await deriveNextSpan(options);
    if (changes === undefined) break;
    total.created += changes.created;
    total.changed += changes.changed;
    total.absorbed += changes.absorbed;
    total.deleted += changes.deleted;
    total.orphaned.push(...changes.orphaned);
    total.clips.push(...changes.clips);
  }
  return total;
}

/** Others may look at the same footage once more meanwhile, and detections that were read be gone when events are to point to them. */
async function deriveNextSpan({ knex, camera }: DeriveOptions): Promise<EventChanges | undefined> {
  return againAfterConflict(() => knex.transaction((trx) => deriveSpan(trx, camera)));
}

async function deriveSpan(trx: Knex.Transaction, camera: CameraToDerive): Promise<EventChanges | undefined> {
  await lockCameraDerivation(trx, camera.id);
  const next = takeOneSpan(await findUnderivedFiles(trx, { cameraId: camera.id, limit: MAX_FILES }));
  if (next === undefined) return undefined;
  const footage = await deriveTracks(trx, camera, next.span);
  const changes = await deriveEvents(trx, camera, footage);
  await markDerived(trx, next.files);
  return changes;
}

/** Files from the earliest on, as long as they lie close together. At least one, however long it is. */
function takeOneSpan(files: readonly UnderivedFileRow[]): { span: Span; files: UnderivedFileRow[] } | undefined {
  const [first] = files;
  if (first === undefined) return undefined;
  const span = { fromMs: first.derive_from.getTime(), untilMs: first.derive_until.getTime() };
  const taken: UnderivedFileRow[] = [];
  for (const file of files) {
    const endMs = file.derive_until.getTime();
    const isFirst = taken.length === 0;
    if (!isFirst && endMs - span.fromMs > MAX_SPAN_MS) break;
    span.untilMs = Math.max(span.untilMs, endMs);
    taken.push(file);
  }
  return { span, files: taken };
}
