import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeStill, makeVideo } from '../helpers/footage.ts';

type Packed = { filename: string; files: { path: string }[] };
type Failure = { code: number; stdout: string; stderr: string };

const REPOSITORY = resolve(import.meta.dirname, '../..');
const BESIDE_THE_FOLDERS = ['CHANGELOG.md', 'LICENSE', 'README.md', 'bin/run.js', 'oclif.manifest.json', 'package.json'];
const run = promisify(execFile);

let folder = '';
let packed: Packed;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-package-'));
  await chmod(folder, 0o755); // as root the database server runs as another account and must get through
  const { stdout } = await npm('pack', '--json', '--pack-destination', folder);
  const report = JSON.parse(stdout.slice(stdout.search(/^[[{]/m))) as Packed[] | Record<string, Packed>;
  packed = Object.values(report)[0]!;
  await npm('install', '--global', '--ignore-scripts', '--prefer-offline', '--prefix', folder, join(folder, packed.filename));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

function npm(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  return run('npm', args, { cwd: REPOSITORY, shell: process.platform === 'win32', maxBuffer: 1 << 24 });
}

/** The installed `hs`, as a user in another folder calls it. */
async function hs(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const bin = process.platform === 'win32' ? join(folder, 'hs.cmd') : join(folder, 'bin', 'hs');
  const { PATH } = process.env;
  const env = { PATH, HOME: folder, HS_HOME: join(folder, 'home'), HS_TIMEZONE: 'Europe/Berlin' };
  try {
    return { code: 0, ...(await run(bin, args, { cwd: folder, env, shell: process.platform === 'win32' })) };
  } catch (error) {
    const { code, stdout, stderr } = error as Failure;
    return { code, stdout, stderr };
  }
}

async function filesBelow(name: string): Promise<string[]> {
  const entries = await readdir(join(REPOSITORY, name), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(REPOSITORY.length + 1));
}

test('the package holds the built program, the model cards and nothing else', async () => {
  const built = (await filesBelow('src')).map((path) => path.replace(/^src/, 'dist').replace(/\.ts$/, '.js'));
  const expected = [...BESIDE_THE_FOLDERS, ...built, ...(await filesBelow('models'))];
  expect(packed.files.map(({ path }) => path).sort()).toEqual(expected.sort());
});

test('the installed program knows its commands, its model cards and shell completion', async () => {
  expect((await hs('--version')).stdout).toMatch(/^hs-footage\/\d/);
  expect((await hs('--help')).stdout).toMatch(/^ {2}ingest /m);
  expect(await hs('help', 'ingest')).toMatchObject({ code: 0, stderr: '' });
  const cards = (await hs('models', 'list', '--ids')).stdout.trimEnd().split('\n');
  expect(cards.sort()).toEqual((await readdir(join(REPOSITORY, 'models'))).map((name) => name.replace(/\.json$/, '')).sort());
  expect((await hs('autocomplete', 'script', 'bash')).stdout).toContain('HS_AC_BASH_SETUP_PATH');
  expect(await hs('nosuch')).toMatchObject({ code: 2, stdout: '' });
});

test('the installed program brings its database and takes in a folder', async () => {
  const camera = join(folder, 'footage', 'gate');
  await mkdir(camera, { recursive: true });
  await writeFile(join(camera, 'gate_20260114081500.jpg'), await makeStill());
  await copyFile(await makeVideo({ seconds: 3 }), join(camera, 'gate_20260114090000.mp4'));
  expect(await hs('doctor')).toMatchObject({ code: 0, stderr: '' });
  expect((await hs('ingest', join(folder, 'footage'))).code).toBe(0);
  const { items } = JSON.parse((await hs('files', 'list', '--json')).stdout) as { items: { status: string; camera_id: string }[] };
  expect(items.map(({ status, camera_id }) => `${camera_id} ${status}`)).toEqual(['gate done', 'gate done']);
  const { stdout } = await hs('db', 'status', '--json');
  expect(JSON.parse(stdout)).toMatchObject({ item: { kind: 'embedded', pending_migrations: [] } });
});
