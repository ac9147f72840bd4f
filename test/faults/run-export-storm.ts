import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fillMonths } from '../../bench/retention/fill-months.ts';
import type { Database } from '../../src/db/database.ts';
import { readZipTexts } from '../helpers/read-zip-texts.ts';
import { runHs } from '../helpers/run-hs.ts';
import { seededRandom } from '../unit/domain/make-detections.ts';
import { runLimited, withSmallDisk } from './no-room.ts';
import { killedRun, type KilledRunOptions } from './killed-run.ts';

export const STORM_FORMATS = ['csv', 'ndjson', 'json', 'zip', 'excel', 'coco', 'megadetector'] as const;
type StormFormat = (typeof STORM_FORMATS)[number];

export type ExportStormOptions = {
  /** Migrated and empty, and its address for the program. */
  database: Database;
  url: string;
  /** Of its own. */
  folder: string;
  formats: readonly StormFormat[];
  /** Of the writer of each format. */
  kills: number;
  /** Places of each file at which the disk is full. */
  limits: number;
  rows: number;
  seed: number;
  log: (line: string) => void;
};

export type ExportStormResult = { counts: Record<string, number>; violations: string[] };

type Storm = ExportStormOptions & KilledRunOptions & ExportStormResult;

/** Two contents of a file: of one camera, and of all. */
type Files = { format: StormFormat; path: string; old: string; new: string; newBytes: number; args: string[]; tookMs: number };

/** Runs for each kill wanted: those that end before their kill tell how long a run takes now. */
const RUNS_A_KILL = 10;

/** Kills writers and fills disks at random places: the old file or the new one is there, and the ledger says which. */
export async function runExportStorm(options: ExportStormOptions): Promise<ExportStormResult> {
  const env = { HS_HOME: join(options.folder, 'home'), HS_DATABASE_URL: options.url };
  const storm: Storm = { ...options, env, random: seededRandom(options.seed), counts: {}, violations: [] };
  await fillMonths(options.database.knex, { months: [new Date('2026-01-01')], rows: options.rows });
  for (const format of options.formats) {
    const files = await makeFiles(storm, format);
    await killWriters(storm, files);
    await limitWriters(storm, files);
    await fillDisk(storm, files);
    options.log(`${format}: ${String(storm.violations.length)} violations so far`);
  }
  await readLedger(storm);
  return storm;
}

async function makeFiles(storm: Storm, format: StormFormat): Promise<Files> {
  const path = join(storm.folder, `kept.${format}`);
  const args = ['export', 'detections', '--format', format, '--out', path, '--quiet'];
  await expectRun(storm, [...args, '--camera', 'c0']);
  const old = join(storm.folder, `old.${format}`);
  await copyFile(path, old);
  const startedMs = performance.now();
  await expectRun(storm, args);
  const tookMs = performance.now() - startedMs;
  const [oldText, newText] = [await contentOf(old, format), await contentOf(path, format)];
  if (oldText === newText || oldText === undefined || newText === undefined) throw new Error(`the files of ${format} cannot be told apart`);
  return { format, path, old: oldText, new: newText, newBytes: (await readFile(path)).length, args, tookMs };
}

async function expectRun({ env, folder }: Storm, args: readonly string[]): Promise<void> {
  const { code, stderr } = await runHs(args, { env, cwd: folder, timeoutMs: 300_000 });
  if (code !== 0) throw new Error(`hs ${args.join(' ')} ended with ${String(code)}: ${stderr}`);
}

/** What is in a whole file, without the time it tells of itself; undefined: the file is torn. */
async function contentOf(path: string, format: StormFormat): Promise<string | undefined> {
  try {
    const bytes = await readFile(path);
    const isZip = format === 'zip' || format === 'excel';
    const text = isZip ? JSON.stringify(await readZipTexts(bytes)) : bytes.toString();
    if (format === 'json' || format === 'coco' || format === 'megadetector') JSON.parse(text);
    return text.replaceAll(/20(?:2[6-9]|[3-9]\d)-\d\d-\d\d[T ][\d:.]+Z?/g, 'T').replaceAll(/<v>46\d{3}\.\d+<\/v>/g, 'T');
  } catch {
    return undefined;
  }
}

async function killWriters(storm: Storm, files: Files): Promise<void> {
  let kills = 0;
  let { tookMs } = files;
  for (let round = 0; kills < storm.kills && round < storm.kills * RUNS_A_KILL; round += 1) {
    await putOldBack(storm, files);
    const { wasKilled, ms } = await killedRun(storm, files.args, tookMs);
    if (wasKilled) kills += 1;
    else tookMs = ms;
    const found = await expectWhole(storm, files, `kill ${String(round)}`);
    if (!wasKilled && found !== 'new') storm.violations.push(`${files.format}: a run ended and the old file is there`);
    if (wasKilled) count(storm, `${files.format}: killed, ${found} file there`);
  }
  if (kills < storm.kills) storm.violations.push(`${files.format}: only ${String(kills)} runs could be killed`);
  await expectRun(storm, files.args);
  await expectNothingBeside(storm, storm.folder, `${files.format}, after the run that follows all kills`);
}

async function putOldBack({ folder }: Storm, { path, format }: Files): Promise<void> {
  await copyFile(join(folder, `old.${format}`), path);
}

async function expectWhole(storm: Storm, files: Files, when: string): Promise<'old' | 'new' | 'torn'> {
  const there = await contentOf(files.path, files.format);
  if (there === files.old) return 'old';
  if (there === files.new) return 'new';
  storm.violations.push(`${files.format}, ${when}: the file is neither the old one nor the new one`);
  return 'torn';
}

async function expectNothingBeside(storm: Storm, folder: string, when: string): Promise<void> {
  for (const name of await readdir(folder)) if (name.endsWith('.tmp')) storm.violations.push(`${when}: ${name} is left behind`);
}

/** A file may grow to a random place and no further. */
async function limitWriters(storm: Storm, files: Files): Promise<void> {
  for (let round = 0; round < storm.limits; round += 1) {
    await putOldBack(storm, files);
    await expectRefused(storm, files, storm.random() * (files.newBytes - 512));
  }
}

async function fillDisk(storm: Storm, files: Files): Promise<void> {
  const disk = join(storm.folder, 'disk');
  const isFull = await withSmallDisk(disk, files.newBytes * 1.5, async () => {
    const path = join(disk, 'kept');
    await copyFile(files.path, path);
    const args = files.args.map((word) => (word === files.path ? path : word));
    await writeFile(join(disk, 'other'), Buffer.alloc(files.newBytes)).catch(() => undefined);
    const before = await contentOf(path, files.format);
    await expectRefused(storm, { ...files, path, args, old: before ?? '' }, undefined);
  });
  if (!isFull) count(storm, 'full disk skipped: a file system can be mounted by root only');
}

async function expectRefused(storm: Storm, files: Files, limitBytes: number | undefined): Promise<void> {
  const { status, stderr } = runLimited(files.args, { ...storm, limitBytes });
  const what = `${files.format}, ${limitBytes === undefined ? 'a full disk' : 'no room in a file'}`;
  if (status !== 5 && status !== 2) storm.violations.push(`${what}: ended with ${String(status)}: ${stderr.trim()}`);
  if (!/no space|too large/i.test(stderr) || stderr.includes('bug in hs')) storm.violations.push(`${what}: says ${stderr.trim()}`);
  if ((await expectWhole(storm, files, what)) !== 'old') storm.violations.push(`${what}: the old file is gone`);
  await expectNothingBeside(storm, join(files.path, '..'), what);
  count(storm, `${what}: code ${String(status)}, old file kept`);
}

/** The run that followed has ended those that were killed. */
async function readLedger(storm: Storm): Promise<void> {
  type Row = { status: string; jobs: string | null; unexplained: boolean; count: number };
  const { rows } = await storm.database.knex.raw<{ rows: Row[] }>(
    `SELECT e.status, j.status AS jobs, e.error_message IS NULL AS unexplained, count(*)::int AS count
       FROM export_jobs e LEFT JOIN jobs j ON j.id = e.id GROUP BY 1, 2, 3 ORDER BY 1, 2`,
  );
  for (const { status, jobs, unexplained, count: number } of rows) {
    storm.counts[`exports in the ledger: ${status}, their jobs ${String(jobs)}`] = number;
    const isGood = status === 'completed' ? jobs === 'completed' || jobs === 'failed' : status === 'failed' && !unexplained;
    if (!isGood)
      storm.violations.push(
        `${String(number)} exports are ${status}, their jobs ${String(jobs)}, ${unexplained ? 'without' : 'with'} a reason`,
      );
  }
}

function count({ counts }: ExportStormResult, what: string): void {
  counts[what] = (counts[what] ?? 0) + 1;
}
