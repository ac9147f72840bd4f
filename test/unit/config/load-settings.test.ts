import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadSettings } from '../../../src/config/load-settings.ts';
import { settingPaths, variableOf } from '../../../src/config/setting-paths.ts';
import { settingsFingerprint } from '../../../src/config/settings-fingerprint.ts';
import { UsageError } from '../../../src/errors/hs-error.ts';

const SECRET = 'k4n4ry-Secret';
const URL_WITH_SECRET = `postgres://hs:${SECRET}@db.example/hs`;

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-config-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function writeConfig(text: string, name = 'hs.yaml'): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

function load(options: Partial<Parameters<typeof loadSettings>[0]> = {}): ReturnType<typeof loadSettings> {
  return loadSettings({ env: { HS_HOME: join(folder, 'home') }, cwd: folder, ...options });
}

function failure(run: () => unknown): UsageError {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return error as UsageError;
  }
  throw new Error('nothing was thrown');
}

test('has the constants of Appendix B without any configuration', () => {
  const { settings, configFile } = load();
  expect(configFile).toBeUndefined();
  expect(settings.time).toEqual({ floor: '1990-01-01T00:00:00Z', maxFutureS: 86_400, disagreeS: 120 });
  expect(settings.ingest).toEqual({ settleS: 30 });
  expect(settings.detector).toMatchObject({ floor: 0.25, maxBoxes: 300, device: 'auto', gates: {} });
  // unset: each model's card says its own
  expect(settings.detector.nmsIou).toBeUndefined();
  expect(settings.detector.classes).toEqual(['person', 'bicycle', 'car', 'motorcycle', 'bus', 'truck', 'bird', 'cat', 'dog']);
  expect(settings).toMatchObject({ layout: 'auto', sample: 'motion', sampleFps: 2, containerTime: 'utc', cameras: {}, layouts: [] });
});

test('an empty file is an empty configuration', async () => {
  await writeConfig('');
  expect(load().settings.sample).toBe('motion');
});

test('a flag wins over a variable, a variable over the file, the file over the default (§12)', async () => {
  await writeConfig('sample_fps: 3\nlayout: from_file\ndetector:\n  device: cpu\n  floor: 0.3\n');
  const env = { HS_HOME: folder, HS_LAYOUT: 'from_variable', HS_DETECTOR_DEVICE: 'cuda' };
  const { settings, origins } = load({ env, flags: { 'detector.device': 'webgpu', layout: undefined } });
  expect(settings.sampleFps).toBe(3);
  expect(settings.layout).toBe('from_variable');
  expect(settings.detector).toMatchObject({ device: 'webgpu', floor: 0.3, maxBoxes: 300 });
  expect(origins.get('detector.device')).toBe('flag');
  expect(origins.get('layout')).toBe('variable HS_LAYOUT');
});

test('an empty variable counts as not set', () => {
  expect(load({ env: { HS_HOME: folder, HS_LAYOUT: '' } }).settings.layout).toBe('auto');
});

test('variables become numbers and lists', () => {
  const env = { HS_HOME: folder, HS_INGEST_WORKERS: '3', HS_DETECTOR_CLASSES: 'person, car' };
  const { settings } = load({ env });
  expect(settings.ingest.workers).toBe(3);
  expect(settings.detector.classes).toEqual(['person', 'car']);
});

test.each([
  [{ DATABASE_URL: 'postgres://a/x' }, 'postgres://a/x'],
  [{ DATABASE_URL: 'postgres://a/x', HS_DB: 'postgres://b/x' }, 'postgres://b/x'],
  [{ DATABASE_URL: 'postgres://a/x', HS_DB: 'postgres://b/x', HS_DATABASE_URL: 'postgres://c/x' }, 'postgres://c/x'],
])('the database URL comes from the strongest of its variables: %o', (env, expected) => {
  expect(load({ env: { HS_HOME: folder, ...env } }).settings.database.url).toBe(expected);
});

test('keeps camera ids and class names as the user wrote them', async () => {
  await writeConfig('cameras:\n  front_door:\n    clock_offset_s: -240\n    gates:\n      traffic_light: 0.7\n');
  const camera = load().settings.cameras['front_door'];
  expect(camera).toMatchObject({ clockOffsetS: -240, enabled: true, gates: { traffic_light: 0.7 }, folders: [] });
});

test.each([
  ['timezon: UTC\n', 'timezon', 'timezone'],
  ['detector:\n  devcie: cpu\n', 'detector.devcie', 'device'],
  ['cameras:\n  gate:\n    time_zone: UTC\n', 'cameras.gate.time_zone', 'timezone'],
  ['layouts:\n  - name: mine\n    template: []\n', 'layouts.0.template', 'templates'],
])('refuses the unknown key in %j and names the nearest one (§12)', async (text, path, meant) => {
  const file = await writeConfig(text);
  const error = failure(() => load());
  expect(error).toMatchObject({ code: 'config_unknown_key', exitCode: 2 });
  expect(error.message).toContain(`"${path}" in config file ${file} is not a known setting`);
  expect(error.hint).toContain(meant);
});

test('refuses a mistyped variable and leaves foreign ones alone', () => {
  const error = failure(() => load({ env: { HS_HOME: folder, HS_DATABSE_URL: URL_WITH_SECRET } }));
  expect(error.message).toBe('variable HS_DATABSE_URL is not known');
  expect(error.hint).toBe('did you mean HS_DATABASE_URL?');
  expect(JSON.stringify(error)).not.toContain(SECRET);
  expect(() => load({ env: { HS_HOME: folder, HS_SOMETHING_ELSE_ENTIRELY: '1' } })).not.toThrow();
});

test('names every bad value with where it came from', async () => {
  const file = await writeConfig('timezone: Mars/Olympus\ndetector:\n  floor: 7\n');
  const error = failure(() => load({ env: { HS_HOME: folder, HS_INGEST_WORKERS: 'many' }, flags: { sample: 'fps=100' } }));
  expect(error.exitCode).toBe(2);
  expect(error.message).toContain(`timezone = "Mars/Olympus" from config file ${file} is not a time zone name`);
  expect(error.message).toContain(`detector.floor = "7" from config file ${file}`);
  expect(error.message).toContain('ingest.workers = "many" from variable HS_INGEST_WORKERS');
  expect(error.message).toContain('sample = "fps=100" from flag');
});

test.each(['motion', 'keyframes', 'fps=2', 'fps=0.5', 'fps=60', 'every=5s', 'every=0.5s', 'every=90s'])(
  'accepts the sample mode %s',
  (sample) => {
    expect(load({ flags: { sample } }).settings.sample).toBe(sample);
  },
);

test.each(['', 'fps=0', 'fps=61', 'fps=2s', 'fps=-1', 'every=0s', 'always', 'fps=1e3'])('refuses the sample mode %j', (sample) => {
  expect(failure(() => load({ flags: { sample } })).message).toContain('sample');
});

test.each(['+02:00', 'Europe', 'local', 'CEST5'])('refuses %j as a time zone', (timezone) => {
  expect(failure(() => load({ flags: { timezone } })).message).toContain('timezone');
});

test('a database URL that is none is refused without showing it', () => {
  const error = failure(() => load({ flags: { 'database.url': `mysql://hs:${SECRET}@x/y` } }));
  expect(error.message).toBe('database.url from flag is not a postgres:// or postgresql:// URL');
});

test('a YAML mistake is named by place and never quoted', async () => {
  const file = await writeConfig(`timezone: UTC\ndatabase: {url: ${URL_WITH_SECRET}, : [\n`);
  const error = failure(() => load());
  expect(error.message).toContain(`config file ${file} is not valid YAML at line `);
  expect(`${error.message}${error.hint ?? ''}${String(error.stack)}`).not.toContain(SECRET);
});

test.each(['- a\n- b\n', 'just text\n'])('refuses a file that holds no keys: %j', async (text) => {
  await writeConfig(text);
  expect(failure(() => load()).message).toContain('must hold keys and values');
});

test('a file asked for must be there', () => {
  expect(failure(() => load({ configPath: 'no.yaml' })).message).toBe(`config file ${join(folder, 'no.yaml')} does not exist`);
  expect(failure(() => load({ env: { HS_HOME: folder, HS_CONFIG: 'no.yaml' } })).exitCode).toBe(2);
});

test('reads --config before HS_CONFIG before ./hs.yaml before <home>/config.yaml', async () => {
  const home = join(folder, 'home');
  await mkdir(home);
  const env = { HS_HOME: home, HS_CONFIG: await writeConfig('layout: variable', 'v.yaml') };
  const configPath = await writeConfig('layout: flag', 'f.yaml');
  await writeConfig('layout: home', 'home/config.yaml');
  expect(load().settings.layout).toBe('home');
  await writeConfig('layout: here');
  expect(load().settings.layout).toBe('here');
  expect(load({ env }).settings.layout).toBe('variable');
  expect(load({ env, configPath }).settings.layout).toBe('flag');
});

test('paths in a file are relative to the file, in a variable to the current folder', async () => {
  await mkdir(join(folder, 'sub'));
  const configPath = await writeConfig('home: data\nffmpeg: ./bin/ffmpeg\nffprobe: ffprobe\n', 'sub/my.yaml');
  const { settings } = load({ env: {}, configPath });
  expect(settings).toMatchObject({ home: join(folder, 'sub/data'), ffmpeg: join(folder, 'sub/bin/ffmpeg'), ffprobe: 'ffprobe' });
  expect(load({ env: { HS_HOME: 'data' } }).settings.home).toBe(join(folder, 'data'));
});

test('a value where a group belongs is named even when a flag sets a key below it', async () => {
  await writeConfig('detector: yolox\n');
  expect(failure(() => load({ flags: { 'detector.device': 'cpu' } })).message).toContain('detector = "yolox"');
});

test('the fingerprint follows the settings, not the order of keys nor secrets', async () => {
  const first = await writeConfig('sample: fps=2\nlayout: auto\n', 'a.yaml');
  const second = await writeConfig('layout: auto\nsample: fps=2\n', 'b.yaml');
  const print = (options: Parameters<typeof load>[0]): string => settingsFingerprint(load(options).settings);
  expect(print({ configPath: first })).toMatch(/^[0-9a-f]{64}$/);
  expect(print({ configPath: first })).toBe(print({ configPath: second }));
  expect(print({ flags: { 'database.url': 'postgres://u:one@h/d' } })).toBe(print({ flags: { 'database.url': 'postgres://u:two@h/d' } }));
  expect(print({ flags: { sample: 'fps=3' } })).not.toBe(print({ configPath: first }));
});

test('every scalar setting has a variable by rule', () => {
  const variables = settingPaths().map(({ path }) => variableOf(path));
  expect(variables).toEqual(
    expect.arrayContaining(['HS_HOME', 'HS_DATABASE_URL', 'HS_TIME_MAX_FUTURE_S', 'HS_DETECTOR_CLASSES', 'HS_LOG_LEVEL']),
  );
  expect(variables).not.toContain('HS_CAMERAS');
  expect(new Set(variables).size).toBe(variables.length);
});

test('settings of a language model come from variables like all others, and a wrong one is named without its key', () => {
  const env = { HS_HOME: join(folder, 'home') };
  expect(load().settings.llm).toEqual({ concurrency: 2, vision: 'auto', context: 8192, deadlineS: 600 });
  const given = {
    ...env,
    HS_LLM_BASE_URL: 'http://gpu.lan:8000/v1',
    HS_LLM_MODEL: 'm',
    HS_LLM_API_KEY_FILE: 'key.txt',
    HS_LLM_DEADLINE_S: '60',
  };
  expect(load({ env: given }).settings.llm).toMatchObject({
    baseUrl: 'http://gpu.lan:8000/v1',
    model: 'm',
    apiKeyFile: join(folder, 'key.txt'),
    deadlineS: 60,
  });
  for (const url of ['gpu.lan:8000', 'ftp://x', 'http://user:pass@x', 'http://x/?key=1']) {
    expect(failure(() => load({ env: { ...env, HS_LLM_BASE_URL: url } })).message).toContain('llm.base_url');
  }
  const keyed = failure(() => load({ env: { ...env, HS_LLM_API_KEY: `${SECRET} x` } }));
  expect(keyed.message).toContain('llm.api_key from variable HS_LLM_API_KEY');
  expect(keyed.message).not.toContain(SECRET);
  expect(load({ env: { ...env, HS_LLM_API_KEY: 'a' } }).fingerprint).toBe(load({ env: { ...env, HS_LLM_API_KEY: 'b' } }).fingerprint);
});
