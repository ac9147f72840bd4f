import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { differences } from '../faults/differences.ts';
import { findViolations } from '../faults/find-violations.ts';
import { createIngestSandbox, type IngestSandbox } from '../faults/ingest-sandbox.ts';
import { makeMixedFootage, type MixedFootage } from '../faults/mixed-footage.ts';
import { dumpStore, readNormalisedRows, type NormalisedRows } from '../faults/stored-rows.ts';
import { seededRandom, shuffle } from '../unit/domain/make-detections.ts';
import { echoCardJson } from '../unit/inference/tiny-models.ts';
import { echoModel } from '../unit/inference/tiny-onnx.ts';

const LIMIT_MS = 240_000;

let sandbox: IngestSandbox;
let footage: MixedFootage;
let gated: NormalisedRows;

beforeAll(async () => {
  sandbox = await createIngestSandbox();
  footage = await makeMixedFootage(sandbox.footage);
  await installEcho(sandbox);
  const { code, report } = await sandbox.ingest([sandbox.footage, '--detector', 'echo'], { workers: 1 });
  expect(code).toBe(3);
  expect(report.tally['inferences']).toBeGreaterThan(100);
  expect(report.tally['inferences'], 'the gate leaves out frames without motion').toBeLessThan(report.tally['frames'] ?? 0);
  gated = await readNormalisedRows(sandbox.db.knex, sandbox.footage);
  expect(gated.detections.length).toBeGreaterThan(100);
  expect(gated.events.length).toBeGreaterThan(2);
}, LIMIT_MS);

afterAll(() => sandbox.dispose());

/** A model that gives back pixels as boxes: what it finds depends on every frame it is shown, and on nothing else. */
async function installEcho(where: IngestSandbox): Promise<void> {
  const bytes = echoModel();
  const card = echoCardJson(bytes, { classes: ['person', 'car'], input: { scale: 1 / 255 } });
  const [file, cardFile] = [join(where.folder, 'echo.onnx'), join(where.folder, 'echo.json')];
  await writeFile(file, bytes);
  await writeFile(cardFile, JSON.stringify(card));
  expect((await where.hs(['models', 'install', '--from', file, '--card', cardFile])).code).toBe(0);
}

async function freshRows(work: (other: IngestSandbox) => Promise<void>): Promise<NormalisedRows> {
  const other = await createIngestSandbox();
  try {
    await installEcho(other);
    await work(other);
    // The model itself says the same thing twice.
    expect((await findViolations(other.db.knex)).filter((line) => !line.startsWith('detection twice'))).toEqual([]);
    return await readNormalisedRows(other.db.knex, sandbox.footage);
  } finally {
    await other.dispose();
  }
}

test('a second run makes no inference and changes no row', async () => {
  const before = await dumpStore(sandbox.db.knex);
  const { code, report } = await sandbox.ingest([sandbox.footage, '--detector', 'echo']);
  expect({ code, inferences: report.tally['inferences'], frames: report.tally['frames'] }).toEqual({ code: 0, inferences: 0, frames: 0 });
  expect(await dumpStore(sandbox.db.knex)).toEqual(before);
});

test(
  'three processes and another order find the same frames worth a look and the same in them',
  async () => {
    const rows = await freshRows(async (other) => {
      await other.ingest([...shuffle(footage.files, seededRandom(1)), '--detector', 'echo'], { workers: 3 });
    });
    expect(differences(gated, rows)).toEqual([]);
  },
  LIMIT_MS,
);

test(
  'where every sampled frame is looked at, files may come in any order in any number of runs',
  async () => {
    const args = ['--detector', 'echo', '--sample', 'fps=2'];
    const atOnce = await freshRows(async (other) => {
      await other.ingest([sandbox.footage, ...args]);
    });
    const files = shuffle(footage.files, seededRandom(2));
    const part = Math.ceil(files.length / 5);
    const inParts = await freshRows(async (other) => {
      for (let at = 0; at < files.length; at += part) await other.ingest([...files.slice(at, at + part), ...args]);
    });
    expect(differences(atOnce, inParts)).toEqual([]);
  },
  LIMIT_MS,
);

test('known files that another detector has analysed are counted, and analysed again only when asked', async () => {
  const { report } = await sandbox.ingest([sandbox.footage]);
  expect(report.tally).toMatchObject({ taken: 0, finished: 0 });
  expect(report.tally['other_settings']).toBeGreaterThan(20);
});

test('a device that was asked for and is not there ends with 6, nothing is analysed on another one', async () => {
  const other = await createIngestSandbox();
  try {
    await installEcho(other);
    const { code, stderr } = await other.hs(['ingest', sandbox.footage, '--detector', 'echo', '--device', 'cuda']);
    expect({ code, said: stderr.includes('cuda') }).toEqual({ code: 6, said: true });
    expect(await other.db.knex('detections').count({ rows: '*' })).toEqual([{ rows: 0 }]);
    expect(await findViolations(other.db.knex)).toEqual([]);
  } finally {
    await other.dispose();
  }
});
