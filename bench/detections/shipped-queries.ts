import type { Database } from '../../src/db/database.ts';
import { saveFinishedFiles } from '../../src/db/models/media-files-finish.ts';
import { deriveCamera } from '../../src/services/derive/derive-camera.ts';
import { listDetections, type DetectionChoice } from '../../src/services/detections/list-detections.ts';
import { EVENT_VIEW_COLUMNS } from '../../src/services/events/event-record.ts';
import { listEvents, type EventChoice } from '../../src/services/events/list-events.ts';
import { showEvent } from '../../src/services/events/show-event.ts';
import { detectionSource, eventSource, type ExportSource } from '../../src/services/export/export-source.ts';
import { listFiles } from '../../src/services/files/list-files.ts';
import { showFile } from '../../src/services/files/show-file.ts';
import { assertKnownClasses } from '../../src/services/lists/assert-known-classes.ts';
import { listTracks } from '../../src/services/tracks/list-tracks.ts';

type Knex = Database['knex'];

/** Something in the store to ask about: a camera with derived footage on a day, given as `2025-06-10`. */
export type Subject = { cameraId: string; day: string; fileId: number; eventId: number; trackId: number; runId: string };

export type ShippedQuery = {
  name: string;
  /** How much of detections it may read: one month, some rows found by an index, or everything because everything was asked for. */
  reads: 'one month' | 'by index' | 'everything';
  run: (knex: Knex, subject: Subject) => Promise<unknown>;
};

const zones = { cameras: {} };
const newest = { field: 'detected_at', descending: true } as const;

/** What the commands run; each drains what it lists. */
export const SHIPPED_QUERIES: ShippedQuery[] = [
  { name: 'detections list of a camera-day', reads: 'one month', run: (knex, subject) => detections(knex, { scope: dayOf(subject) }) },
  {
    name: 'detections list of a camera-day by class and score',
    reads: 'one month',
    run: (knex, subject) => detections(knex, { scope: dayOf(subject), filter: { types: ['person'], minConfidence: 0.7 } }),
  },
  {
    name: 'detections list of a camera-day without standing objects',
    reads: 'one month',
    run: (knex, subject) => detections(knex, { scope: dayOf(subject), filter: { isStatic: false } }),
  },
  { name: 'detections list of a file', reads: 'one month', run: (knex, { fileId }) => detections(knex, { files: [String(fileId)] }) },
  { name: 'detections list of a track', reads: 'one month', run: (knex, { trackId }) => detections(knex, { filter: { trackId } }) },
  { name: 'detections list, newest 50', reads: 'by index', run: (knex) => detections(knex, {}, 50) },
  {
    name: 'detections list of a class, newest 50',
    reads: 'by index',
    run: (knex) => detections(knex, { filter: { types: ['person'] } }, 50),
  },
  {
    name: 'detections list of a camera, newest 50',
    reads: 'by index',
    run: (knex, { cameraId }) => detections(knex, { scope: { cameras: [cameraId] } }, 50),
  },
  {
    name: 'detections list of a zone, newest 50',
    reads: 'by index',
    run: (knex) => detections(knex, { inZones: ['bench'] }, 50),
  },
  {
    name: 'export of the detections of a zone and a camera-day',
    reads: 'one month',
    run: async (knex, subject) =>
      drainSource(knex, await detectionSource(knex, { scope: dayOf(subject), filter: {}, inZones: ['bench'] }, zones)),
  },
  {
    name: 'events list of a zone and a camera-day',
    reads: 'one month',
    run: (knex, subject) => events(knex, { scope: dayOf(subject), inZones: ['bench'] }),
  },
  { name: 'events list of a zone, newest 50', reads: 'by index', run: (knex) => events(knex, { inZones: ['bench'] }, 50) },
  { name: 'tracks list of a zone and a camera-day', reads: 'one month', run: (knex, subject) => tracks(knex, dayOf(subject)) },
  { name: 'tracks list of a zone, newest 50', reads: 'by index', run: (knex) => tracks(knex, {}, 50) },
  { name: 'detections by id', reads: 'by index', run: (knex) => detections(knex, { filter: { ids: [1, 2, 3] } }) },
  {
    name: 'a class that only detections know',
    reads: 'by index',
    run: async (knex) => assertKnownClasses(knex, ['nothing'], []).catch(() => undefined),
  },
  {
    name: 'export of the detections of a camera-day',
    reads: 'one month',
    run: async (knex, subject) => drainSource(knex, await detectionSource(knex, { scope: dayOf(subject), filter: {} }, zones)),
  },
  {
    name: 'export of the events of a camera-day',
    reads: 'one month',
    run: async (knex, subject) => drainSource(knex, await eventSource(knex, { scope: dayOf(subject), filter: {} }, zones)),
  },
  { name: 'events list of a camera-day, all columns', reads: 'one month', run: (knex, subject) => events(knex, { scope: dayOf(subject) }) },
  { name: 'events list, newest 50, all columns', reads: 'by index', run: (knex) => events(knex, {}, 50) },
  { name: 'events show', reads: 'one month', run: (knex, { eventId }) => showEvent(knex, eventId, zones) },
  { name: 'files list of a camera-day', reads: 'one month', run: (knex, subject) => files(knex, dayOf(subject)) },
  { name: 'files list, first 50', reads: 'by index', run: (knex) => files(knex, {}, 50) },
  { name: 'files show', reads: 'one month', run: (knex, { fileId }) => showFile(knex, String(fileId), zones) },
  { name: 'deriving a file that came late', reads: 'one month', run: deriveAgain },
  { name: 'storing a file that is read again', reads: 'by index', run: storeAgain },
  {
    name: 'export of all detections',
    reads: 'everything',
    run: async (knex) => drainSource(knex, await detectionSource(knex, { scope: {}, filter: {} }, zones)),
  },
];

type Scope = DetectionChoice['scope'];

function dayOf({ cameraId, day }: Subject): Scope {
  return { cameras: [cameraId], since: day, until: day };
}

async function detections(knex: Knex, choice: Partial<DetectionChoice>, limit = 0): Promise<void> {
  await drain(await listDetections(knex, { scope: {}, filter: {}, ...choice, sort: newest, limit, zones }));
}

async function events(knex: Knex, choice: Partial<EventChoice>, limit = 0): Promise<void> {
  const sort = { field: 'started_at', descending: true } as const;
  await drain(await listEvents(knex, { scope: {}, filter: {}, ...choice, sort, limit, columns: EVENT_VIEW_COLUMNS, zones }));
}

async function tracks(knex: Knex, scope: Scope, limit = 0): Promise<void> {
  const sort = { field: 'first_seen', descending: true } as const;
  await drain(await listTracks(knex, { scope, filter: {}, inZones: ['bench'], sort, limit, zones }));
}

async function files(knex: Knex, scope: Scope, limit = 0): Promise<void> {
  await drain(await listFiles(knex, { scope, filter: {}, sort: { field: 'started_at', descending: false }, limit, zones }));
}

async function drainSource(knex: Knex, source: ExportSource): Promise<void> {
  await source.count(knex);
  await drain(await source.records(knex, source.columns));
}

async function drain(rows: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const row of rows) if (row !== undefined) count += 1;
  return count;
}

/** Forgets what it did, so that every question meets the same store. */
async function deriveAgain(knex: Knex, { cameraId, fileId }: Subject): Promise<void> {
  const trx = await knex.transaction();
  try {
    await trx('media_files')
      .where({ id: fileId })
      .update({ derive_from: trx.ref('captured_at'), derive_until: trx.ref('ended_at') });
    await deriveCamera({ knex: trx, camera: { id: cameraId, enabled: true, gates: {} } });
  } finally {
    await trx.rollback();
  }
}

async function storeAgain(knex: Knex, { fileId, runId }: Subject): Promise<void> {
  const trx = await knex.transaction();
  try {
    await trx('media_files').where({ id: fileId }).update({ status: 'processing' });
    const facts = { status: 'done', failureCode: null, failureMessage: null, retry: false, width: 1920, height: 1080 } as const;
    const read = { framesExpected: 1, framesDecoded: 1, readableFraction: 1, readableMs: 1000, analysedOffsetsMs: [0] };
    const box = { x: 1, y: 1, width: 10, height: 10 };
    await saveFinishedFiles(trx, {
      runId,
      modelFingerprint: 'again',
      modelId: 'again',
      files: [{ id: fileId, ...facts, ...read }],
      detections: [{ fileId, frameIndex: 0, offsetMs: 0, label: 'person', score: 0.9, ...box }],
    });
  } finally {
    await trx.rollback();
  }
}
