import { afterAll, beforeAll, expect, test } from 'vitest';

import { createAnalysisPool } from '../../../src/services/ingest/process/analysis-pool.ts';
import type { AnalysisSettings } from '../../../src/services/ingest/worker/analysis-task.ts';
import { detectPart } from '../../../src/services/ingest/queue/detect-part.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { seedCamera, seedFile, seedRun } from '../answers/seed.ts';

const SHA = 'a'.repeat(64);
const SETTINGS: AnalysisSettings = {
  device: 'cpu',
  scoreFloor: 0.1,
  maxBoxes: 10,
  classes: [],
  gates: {},
  plan: { mode: 'motion', fps: 2 },
  enrichments: [],
};

let db: TestDatabase;
let fileId: number;

beforeAll(async () => {
  db = await createTestDatabase();
  await seedRun(db.knex);
  await seedCamera(db.knex, 'gate');
  const more = { status: 'pending', processed_at: null, content_sha256: SHA, media_type: 'video' };
  fileId = await seedFile(db.knex, { camera: 'gate', at: '2026-01-14T08:00:00Z', more });
});

afterAll(() => db.drop());

test('a part whose processes were ended, as something else broke that they were shared with, is given back', async () => {
  const pool = createAnalysisPool({ workers: 1, settings: SETTINGS });
  await pool.close();
  const context = {
    knex: db.knex,
    settings: SETTINGS,
    modelFingerprint: 'm',
    rootOf: () => '/footage',
    movingCameras: () => Promise.resolve(new Set<string>()),
    maskZones: () => Promise.resolve(new Map<string, []>()),
    mayStart: () => true,
    pool,
    onLookedAt: () => undefined,
  };
  const part = { index: 0, of: 2, fromMs: 0, untilMs: 300_000 };
  expect(await detectPart(context, { fileId, contentSha256: SHA, part })).toEqual({ kind: 'given-back' });
});
