import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { createEvidence, type CreateEvidenceOptions } from '../../../src/jobs/create-evidence-as-job.ts';
import { generateKey, readSigningKey, type SigningKey } from '../../../src/services/evidence/signing-key.ts';
import { verifyBundle, type VerifiedBundle } from '../../../src/services/evidence/verify-bundle.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { makeFolder, makeStill, makeVideo, testFfmpeg } from '../../helpers/footage.ts';
import { manifestOf, partOf, takeBundleApart, type BundleParts } from '../../helpers/forge-bundle.ts';
import { seedCamera, seedDetection, seedEvent, seedFile, seedRun } from '../answers/seed.ts';

const CAMERA = 'door';
let db: TestDatabase;
let folder: Awaited<ReturnType<typeof makeFolder>>;
let key: SigningKey;
let eventId: number;
let stillEventId: number;
let [video, still]: string[] = [];
let parts: BundleParts;
const at = (name: string): string => join(folder.path, name);

beforeAll(async () => {
  db = await createTestDatabase();
  folder = await makeFolder();
  await generateKey(at('key'), undefined);
  key = await readSigningKey(at('key'), undefined);
  await seedRun(db.knex);
  await seedCamera(db.knex, CAMERA);
  await mkdir(at('footage'));
  [video, still] = [at(`footage/-it's "%03d"\n.mp4`), at('footage/..still ü.jpg')];
  await copyFile(await makeVideo({ seconds: 2, size: '96x64' }), video);
  await writeFile(still, await makeStill());
  const rule = { id: '0192f0c0-0000-7000-8000-0000000000aa', name: 'anybody', severity: 'high' };
  await db.knex('alert_rules').insert(rule);
  eventId = await storeEvent(video, '2026-01-14T08:00:00Z', { duration_ms: 2000, frame_rate: 10, width: 96, height: 64 });
  await db.knex('alerts').insert({ event_id: eventId, rule_id: rule.id, dedup_key: 'k', occurred_at: '2026-01-14T08:00:00Z' });
  stillEventId = await storeEvent(still, '2026-01-14T09:00:00Z', { media_type: 'image', duration_ms: null, width: 64, height: 48 });
  await create({ ids: [eventId, stillEventId], key, path: at('good.zip'), clips: true, holdReason: 'case 7', note: 'case 7' });
  parts = await takeBundleApart(at('good.zip'));
});

afterAll(async () => {
  await folder.dispose();
  await db.drop();
});

async function storeEvent(path: string, when: string, more: object): Promise<number> {
  const [found, content] = [await stat(path), await readFile(path)];
  const size = {
    path,
    size_bytes: found.size,
    modified_at: found.mtime,
    content_sha256: createHash('sha256').update(content).digest('hex'),
  };
  const fileId = await seedFile(db.knex, {
    camera: CAMERA,
    at: when,
    more: { ended_at: new Date(Date.parse(when) + 2000), ...size, ...more },
  });
  return seedEvent(db.knex, { camera: CAMERA, members: [await seedDetection(db.knex, { fileId, camera: CAMERA, at: when })] });
}

async function create(more: Partial<CreateEvidenceOptions> & { signal?: AbortSignal } = {}) {
  const { signal = new AbortController().signal, ...options } = more;
  const { ffmpeg, ffprobe } = await testFfmpeg();
  return createEvidence({
    job: {
      ...{ database: db.database, signal, command: 'evidence create', args: {}, version: '1.2.3' },
      ...{ settingsFingerprint: 'f', logLevel: 'error' },
    },
    ...{ ids: [stillEventId], originals: 'whole', clips: false, path: at('bundle.zip'), note: undefined, key: undefined },
    ...{ settings: { home: at('home'), cameras: {}, ffmpeg, ffprobe }, actor: 'tester', holdReason: undefined },
    onProgress: () => undefined,
    ...options,
  });
}

const verify = (path: string): Promise<VerifiedBundle> => verifyBundle(path, { key: undefined, signal: new AbortController().signal });

test('a bundle holds originals byte for byte, clips, stills and what is known of each event', async () => {
  const manifest = manifestOf(parts);
  const roles = manifest.files.map(({ role, event_ids: ids }) => [role, ids]);
  const of = (role: string, id: number): unknown[] => [role, [id]];
  expect(roles).toEqual([
    ...[['readme', []], of('event', eventId), of('event', stillEventId), of('original', eventId), of('original', stillEventId)],
    ...[
      of('clip', eventId),
      of('clip', stillEventId),
      of('still', eventId),
      of('still', eventId),
      of('still', stillEventId),
      of('still', stillEventId),
    ],
  ]);
  expect(manifest).toMatchObject({
    events: [eventId, stillEventId],
    missing: [],
    note: 'case 7',
    created_by: 'tester',
    app_version: '1.2.3',
  });
  for (const { path, source_path: source, role } of manifest.files)
    if (role === 'original') expect(partOf(parts, path)).toEqual(await readFile(source!));
  expect(manifest.files.filter(({ role }) => role === 'original').map(({ path }) => path)).toEqual([
    expect.stringMatching(/^originals\/\d+--it_s__+03d__\.mp4$/),
    expect.stringMatching(/^originals\/\d+-\.\.still__\.jpg$/),
  ]);
  const event = JSON.parse(String(partOf(parts, `event-${String(eventId)}.json`)));
  expect(event).toMatchObject({
    ...{
      schema: 'hs-evidence-event',
      schema_version: 1,
      event: { id: eventId, camera_id: CAMERA },
      detections: [{ object_type: 'person' }],
    },
    ...{ alerts: [{ rule_name: 'anybody' }], rules: [{ name: 'anybody', severity: 'high' }], runs: [{ command: 'ingest' }] },
    ...{ time: { sources: ['filename'], ambiguous: false }, models: [{ id: 'test-model', card: null }], camera: { id: CAMERA } },
    ...{ audit_trail: [], holds: [], feedback: null, llm_interactions: [], files: [{ path: video }] },
  });
});

test('it is private, recorded with its hash, and its events are held', async () => {
  const content = await readFile(at('good.zip'));
  const sha256 = createHash('sha256').update(content).digest('hex');
  expect((await stat(at('good.zip'))).mode & 0o777).toBe(0o600);
  expect(await db.knex('audit_logs').where({ resource_type: 'export' }).first()).toMatchObject({
    ...{ action: 'media_exported', actor: 'tester', status: 'success' },
    details: { type: 'evidence', sha256, bytes: content.length, filters: { ids: [eventId, stillEventId] } },
  });
  expect(await db.knex('export_jobs').orderBy('created_at').first()).toMatchObject({ status: 'completed', output_path: at('good.zip') });
  expect(await db.knex('evidence_holds').orderBy('event_id')).toMatchObject([
    { event_id: eventId, reason: 'case 7', actor: 'tester' },
    { event_id: stillEventId, reason: 'case 7', actor: 'tester' },
  ]);
});

test.each([
  ['gone', (path: string) => rm(path), 'is not there any more'],
  ['longer', (path: string) => writeFile(path, 'x', { flag: 'a' }), 'content changed'],
  ['changed under its old size and time', changeQuietly, 'content changed'],
])('an original that is %s is left out, with its stills, and told', async (_, change, why) => {
  const before = { content: await readFile(still!), times: await stat(still!) };
  await change(still!);
  try {
    const { written, exitCode } = await create({ ids: [stillEventId, eventId] });
    expect(exitCode).toBe(3);
    const missing = { source_path: still, event_ids: [stillEventId], why: expect.stringContaining(why) };
    expect(written.missing).toEqual([
      expect.objectContaining({ role: 'original', ...missing }),
      expect.objectContaining({ role: 'still', ...missing }),
    ]);
    const found = await verify(at('bundle.zip'));
    expect(found).toMatchObject({ intact: true, manifest: { missing: written.missing } });
    expect(found.manifest?.files.filter(({ role }) => role === 'original')).toMatchObject([{ source_path: video }]);
  } finally {
    await writeFile(still!, before.content);
    await utimes(still!, before.times.atime, before.times.mtime);
  }
});

async function changeQuietly(path: string): Promise<void> {
  const [content, { atime, mtime }] = [await readFile(path), await stat(path)];
  content[content.length - 1]! ^= 1;
  await writeFile(path, content);
  await utimes(path, atime, mtime);
}

test('without originals a bundle says what they were, and shows only what was found unchanged', async () => {
  const { written, exitCode } = await create({ originals: 'none' });
  expect([exitCode, written.missing]).toEqual([0, []]);
  expect((await verify(at('bundle.zip'))).manifest?.files.map(({ role }) => role)).toEqual(['readme', 'event', 'still', 'still']);
});

test('one that is stopped leaves nothing, and an unknown event starts nothing', async () => {
  const jobs = async (): Promise<number> => (await db.knex('export_jobs')).length;
  const [stop, before] = [new AbortController(), await jobs()];
  const path = at('stopped.zip');
  const onProgress = ({ step }: { step: string }): void => {
    if (step === still) stop.abort(new Error('stopped'));
  };
  await expect(create({ path, signal: stop.signal, onProgress })).rejects.toThrow('stopped');
  expect((await readdir(folder.path)).filter((name) => name.includes('stopped'))).toEqual([]);
  expect(await db.knex('export_jobs').orderBy('created_at', 'desc').first()).toMatchObject({
    status: 'failed',
    error_message: 'cancelled',
  });
  await expect(create({ path, ids: [stillEventId, 4711] })).rejects.toMatchObject({ exitCode: 2, code: 'event_unknown' });
  expect(await jobs()).toBe(before + 1);
});
