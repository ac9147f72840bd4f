import type { Knex } from 'knex';

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

async function deriveNextSpan({ knex, camera }: DeriveOptions): Promise<EventChanges | undefined> {
  return knex.transaction(async (trx) => {
    await lockCameraDerivation(trx, camera.id);
    const next = takeOneSpan(await findUnderivedFiles(trx, { cameraId: camera.id, limit: MAX_FILES }));
    if (next === undefined) return undefined;
    const footage = await deriveTracks(trx, camera, next.span);
    const changes = await deriveEvents(trx, camera, footage);
    await markDerived(trx, next.fileIds);
    return changes;
  });
}

/** Files from the earliest on, as long as they lie close together. At least one, however long it is. */
function takeOneSpan(files: readonly UnderivedFileRow[]): { span: Span; fileIds: number[] } | undefined {
  const [first] = files;
  if (first === undefined) return undefined;
  const span = { fromMs: first.derive_from.getTime(), untilMs: first.derive_until.getTime() };
  const fileIds: number[] = [];
  for (const file of files) {
    const endMs = file.derive_until.getTime();
    const isFirst = fileIds.length === 0;
    if (!isFirst && endMs - span.fromMs > MAX_SPAN_MS) break;
    span.untilMs = Math.max(span.untilMs, endMs);
    fileIds.push(file.id);
  }
  return { span, fileIds };
}
