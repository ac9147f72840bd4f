import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { runHs, type HsResult } from '../helpers/run-hs.ts';
import { echoCardJson } from '../unit/inference/tiny-models.ts';
import { echoModel } from '../unit/inference/tiny-onnx.ts';

const weights = echoModel();
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-cli-models-'));
  await writeFile(join(folder, 'mine.onnx'), weights);
  await writeFile(join(folder, 'mine.json'), JSON.stringify(echoCardJson(weights, { id: 'mine' })));
  return () => rm(folder, { recursive: true });
});

const hs = (...args: string[]): Promise<HsResult> => runHs(['models', ...args], { env: { HS_HOME: join(folder, 'home') }, cwd: folder });

type Listed = { items: { id: string; status: string; used: boolean; path: string | null }[] };

test('lists the shipped cards without a database, none installed and none used', async () => {
  const { code, stdout, stderr } = await hs('list', '--json');
  expect([code, stderr]).toEqual([0, '']);
  const { items } = JSON.parse(stdout) as Listed;
  expect(items.map(({ id }) => id)).toContain('yolox_nano');
  expect(items.every(({ status, used }) => status === 'not installed' && !used)).toBe(true);
});

test('installs from a file, lists, verifies, shows and removes', async () => {
  const installed = await hs('install', '--from', 'mine.onnx');
  expect(installed).toMatchObject({ code: 0, stderr: '' });
  expect(installed.stdout).toMatch(/^installed mine \(CC0-1\.0\) as .*\.onnx\n$/);

  const { items } = JSON.parse((await hs('list', '--json')).stdout) as Listed;
  const mine = items.find(({ id }) => id === 'mine');
  expect(mine).toMatchObject({ status: 'installed', used: true });
  const path = mine?.path ?? '';
  expect((await stat(path)).mode & 0o777).toBe(0o600);

  expect(await hs('verify')).toMatchObject({ code: 0 });
  expect((await hs('show', 'mine')).stdout).toMatch(/^status\s+installed$/m);
  expect(JSON.parse((await hs('show', 'mine', '--card')).stdout)).toMatchObject({ id: 'mine', family: 'end-to-end' });

  expect(await hs('remove', 'mine')).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') as unknown });
  expect(await hs('remove', 'mine', '--dry-run')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^would remove/) as unknown });
  expect(await readFile(path)).toHaveLength(weights.length);
  expect(await hs('remove', 'mine', '--yes')).toMatchObject({ code: 0 });
  expect(await hs('remove', 'mine', '--yes')).toMatchObject({ code: 2 });
});

test('verify ends with 3 for weights that changed', async () => {
  await hs('install', '--from', 'mine.onnx');
  const { items } = JSON.parse((await hs('list', '--json')).stdout) as Listed;
  await writeFile(
    items.find(({ id }) => id === 'mine')?.path ?? '',
    weights.map((byte) => byte ^ 1),
  );
  const { code, stdout } = await hs('verify', '--csv');
  expect(code).toBe(3);
  expect(stdout).toContain('changed: sha256');
});

test.each<[string[], number, string]>([
  [['install'], 2, 'which model?'],
  [['install', 'yolox_nao'], 2, 'did you mean yolox_nano?'],
  [['install', 'deimv2_hgnetv2_femto_coco_416'], 6, '--from FILE'],
  [['install', 'yolo26n_int8_640'], 2, '--accept-license'],
  [['install', '--from', 'gone.onnx'], 2, 'cannot read'],
  [['install', 'yolox_nano', '--from', 'mine.json'], 2, 'is not the file of the card yolox_nano'],
  [['install', '--card', 'mine.json'], 2, '--from'],
  [['show', 'nothing'], 2, 'no model is called "nothing"'],
  [['verify', 'yolox_nano'], 2, 'is not installed'],
])('%j ends with %i and says what to do', async (args, code, said) => {
  const result = await hs(...args);
  expect(result).toMatchObject({ code, stdout: '' });
  expect(result.stderr).toContain(said);
});

test('an error with --json is one object on stderr', async () => {
  const { code, stderr } = await hs('install', 'deimv2_hgnetv2_femto_coco_416', '--json');
  expect(code).toBe(6);
  expect(JSON.parse(stderr)).toMatchObject({ type: 'error', code: 'model_no_download' });
});
