import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { runHs, type HsResult } from '../helpers/run-hs.ts';

let db: TestDatabase;
let folder = '';

beforeAll(async () => {
  db = await createTestDatabase();
});

afterAll(async () => {
  await db.drop();
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-cli-config-'));
  return () => rm(folder, { recursive: true });
});

test('an unknown key ends with 2 and the nearest known name (§12)', async () => {
  await writeFile(join(folder, 'hs.yaml'), 'detector:\n  devise: cpu\n');
  const { code, stderr } = await runHs(['jobs', 'list'], { cwd: folder });
  expect(code).toBe(2);
  expect(stderr).toBe(
    `error: "detector.devise" in config file ${join(folder, 'hs.yaml')} is not a known setting\n  hint: did you mean device?\n`,
  );
});

test('the database comes from the file, a variable wins over it, a flag over both', async () => {
  const other = 'postgres://nobody@127.0.0.1:1/none';
  const run = async (inFile: string, env: Record<string, string>, args: string[]): Promise<number | null> => {
    await writeFile(join(folder, 'my.yaml'), `database:\n  url: ${inFile}\n`);
    return (await runHs(['jobs', 'list', '--config', 'my.yaml', ...args], { cwd: folder, env })).code;
  };
  expect(await run(db.url, {}, [])).toBe(0);
  expect(await run(other, {}, [])).toBe(5);
  expect(await run(other, { HS_DATABASE_URL: db.url }, [])).toBe(0);
  expect(await run(db.url, { HS_DATABASE_URL: other }, [])).toBe(5);
  expect(await run(other, { HS_DATABASE_URL: other }, ['--db', db.url])).toBe(0);
});

test('a mistyped variable does not silently use another database', async () => {
  const { code, stderr } = await runHs(['jobs', 'list'], { cwd: folder, env: { HS_DATABASEURL: db.url } });
  expect(code).toBe(2);
  expect(stderr).toContain('did you mean HS_DATABASE_URL?');
});

test('a server whose schema is not there yet ends with 10 and says what to do', async () => {
  const empty = await createTestDatabase({ migrated: false });
  const { code, stderr } = await runHs(['jobs', 'list'], { cwd: folder, env: { HS_DATABASE_URL: empty.url } });
  await empty.drop();
  expect(code).toBe(10);
  expect(stderr).toContain('hs db migrate');
});

const isRoot = process.getuid?.() === 0;

test.skipIf(!isRoot)('a configuration of another user in the current folder is refused (needs root to make one)', async () => {
  const path = join(folder, 'hs.yaml');
  await writeFile(path, 'layout: auto\n');
  const { chown } = await import('node:fs/promises');
  await chown(path, 12_345, 12_345);
  const refused = await runHs(['jobs', 'list'], { cwd: folder, env: { HS_DATABASE_URL: db.url } });
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('belongs to another user');
  const asked = await runHs(['jobs', 'list', '--config', path], { cwd: folder, env: { HS_DATABASE_URL: db.url } });
  expect(asked.code).toBe(0);
});

type Setting = { key: string; value: unknown; origin: string; source: string | null };

const configHs = (args: string[], more: { env?: Record<string, string>; input?: string } = {}): Promise<HsResult> =>
  runHs(['config', ...args], {
    cwd: folder,
    env: { HS_HOME: join(folder, 'home'), ...more.env },
    ...(more.input === undefined ? {} : { input: more.input }),
  });
const file = (): string => join(folder, 'hs.yaml');
const text = (): Promise<string> => readFile(file(), 'utf8');

test('show names the value and the origin of each setting, and no secret', async () => {
  await writeFile(file(), 'timezone: Europe/Berlin\ncameras:\n  gate: { clock_offset_s: -240 }\ndetector:\n  gates: { person: 0.7 }\n');
  const env = { HS_DATABASE_URL: 'postgres://hs:t0p-secret@db.example/hs', HS_SAMPLE_FPS: '4' };
  const { stdout, stderr } = await configHs(['show', '--json', '--actor', 'me'], { env });
  const settings = new Map((JSON.parse(stdout) as { items: Setting[] }).items.map((item) => [item.key, item]));
  const shown = (key: string): unknown[] => [settings.get(key)?.value, settings.get(key)?.origin, settings.get(key)?.source];
  expect(shown('timezone')).toEqual(['Europe/Berlin', 'file', file()]);
  expect(shown('cameras.gate.clock_offset_s')).toEqual([-240, 'file', file()]);
  expect(shown('cameras.gate.enabled')).toEqual([true, 'default', null]);
  expect(shown('detector.gates.person')).toEqual([0.7, 'file', file()]);
  expect(shown('sample_fps')).toEqual([4, 'env', 'HS_SAMPLE_FPS']);
  expect(shown('database.url')).toEqual(['postgres://***@db.example/hs', 'env', 'HS_DATABASE_URL']);
  expect(shown('actor')).toEqual(['me', 'flag', null]);
  expect(shown('time.floor')).toEqual(['1990-01-01T00:00:00Z', 'default', null]);
  expect(shown('detector.model')).toEqual([null, 'default', null]);
  expect(stdout + stderr).not.toContain('t0p-secret');
  const { stdout: ids } = await configHs(['show', '--origin', 'file', '--ids'], { env });
  expect(ids).toBe('timezone\ncameras.gate.clock_offset_s\ndetector.gates.person\n');
});

test('get prints a value for scripts, also of a secret only stars', async () => {
  await writeFile(
    file(),
    'detector:\n  classes: [person, car]\nlayouts:\n  - name: a\n    templates: [{ template: "{camera}/{yyyy}{MM}{dd}{HH}{mm}{ss}.jpg" }]\n',
  );
  const env = { HS_DATABASE_URL: 'postgres://hs:t0p-secret@db.example/hs' };
  expect((await configHs(['get', 'detector.classes'])).stdout).toBe('person; car\n');
  expect((await configHs(['get', 'timezone'])).stdout).toBe('\n');
  expect((await configHs(['get', 'cameras.gate.timezone'])).stdout).toBe('\n');
  expect((await configHs(['get', 'database.url'], { env })).stdout).toBe('postgres://***@db.example/hs\n');
  const { item } = JSON.parse((await configHs(['get', 'layouts', '--json'])).stdout) as { item: Setting };
  expect(item).toMatchObject({ key: 'layouts', origin: 'file', value: [{ name: 'a' }] });
});

test('path prints the file in effect; without one it says where one is looked for', async () => {
  expect(await configHs(['path'])).toMatchObject({
    code: 0,
    stdout: '',
    stderr: expect.stringContaining(join(folder, 'home', 'config.yaml')),
  });
  await writeFile(file(), 'not: [valid');
  expect(await configHs(['path'])).toMatchObject({ code: 0, stdout: `${file()}\n` });
  expect((await configHs(['path', '--config', 'other.yaml'])).stdout).toBe(`${join(folder, 'other.yaml')}\n`);
});

test('set keeps comments and everything else, and the file is its owner’s only', async () => {
  const before = '# ours\ntimezone: UTC # until we move\n\ncameras:\n  # the gate\n  gate: { clock_offset_s: -240 }\ndetector:\n';
  await writeFile(file(), before, { mode: 0o644 });
  const env = { HS_DATABASE_URL: db.url, HS_ACTOR: 'tester' };
  const set = async (...args: string[]): Promise<HsResult> => configHs(['set', ...args], { env });
  // an empty section is not valid: no other command takes this file, so its database is not known
  expect(await set('detector.classes', 'person,car')).toMatchObject({ code: 0, stderr: expect.stringContaining('not recorded') });
  expect(await set('timezone', 'Europe/Berlin')).toMatchObject({ code: 0, stderr: `written to ${file()}\n` });
  expect(await set('cameras.gate.layout', 'dahua')).toMatchObject({ code: 0 });
  expect(await set('cameras.gate.clock_offset_s', '--', '-60')).toMatchObject({ code: 0 });
  expect(await text()).toBe(
    '# ours\ntimezone: Europe/Berlin # until we move\n\ncameras:\n  # the gate\n  gate: { clock_offset_s: -60, layout: dahua }\n' +
      'detector:\n  classes:\n    - person\n    - car\n',
  );
  expect((await stat(file())).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(['hs.yaml']);
  const rows = await db.knex('audit_logs').where({ resource_type: 'setting' }).orderBy('id');
  expect(rows).toMatchObject([
    {
      action: 'settings_changed',
      actor: 'tester',
      resource_id: 'timezone',
      details: { key: 'timezone', from: 'UTC', to: 'Europe/Berlin', file: file() },
    },
    { resource_id: 'cameras.gate.layout', details: { from: null, to: 'dahua' } },
    { resource_id: 'cameras.gate.clock_offset_s', details: { from: -240, to: -60 } },
  ]);
});

test('set of the same value, and a dry run, write neither the file nor the audit log', async () => {
  await writeFile(file(), 'timezone:   UTC   # kept as typed\n');
  const env = { HS_DATABASE_URL: db.url };
  const rows = (): Promise<unknown[]> => db.knex('audit_logs');
  const before = (await rows()).length;
  expect(await configHs(['set', 'timezone', 'UTC'], { env })).toMatchObject({ code: 0, stdout: 'nothing to change\n' });
  expect(await configHs(['set', 'timezone', 'Europe/Rome', '--dry-run'], { env })).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Europe/Rome'),
    stderr: 'nothing was changed\n',
  });
  expect(await text()).toBe('timezone:   UTC   # kept as typed\n');
  expect(await rows()).toHaveLength(before);
});

test('without a database the file is written and that nothing was recorded is said; no database is made for it', async () => {
  const { code, stderr } = await configHs(['set', 'sample_fps', '3']);
  expect(code).toBe(0);
  const path = join(folder, 'home', 'config.yaml');
  expect(stderr).toBe(`not recorded in the audit log: there is no database yet\nwritten to ${path}\n`);
  expect(await readdir(join(folder, 'home'))).toEqual(['config.yaml']);
  expect(await readFile(path, 'utf8')).toBe('sample_fps: 3\n');
  const unreachable = await configHs(['set', 'sample_fps', '4'], {
    env: { HS_DATABASE_URL: 'postgres://hs:t0p-secret@127.0.0.1:1/hs', HS_SAMPLE_FPS: '9' },
  });
  expect(unreachable).toMatchObject({ code: 0, stderr: expect.stringContaining('not recorded in the audit log: ') });
  expect(unreachable.stderr).toContain('variable HS_SAMPLE_FPS is set and beats the file');
  expect(unreachable.stderr).not.toContain('t0p-secret');
});

test('a secret comes from standard input and is shown and recorded as stars', async () => {
  await writeFile(file(), '');
  const env = { HS_DATABASE_URL: db.url };
  const { stdout } = await configHs(['set', 'database.url', '-', '--json'], { env, input: 'postgres://hs:t0p-secret@db.example/hs\n' });
  expect(JSON.parse(stdout)).toMatchObject({ items: [{ column: 'database.url', to: 'postgres://***@db.example/hs' }] });
  expect(await text()).toBe('database:\n  url: postgres://hs:t0p-secret@db.example/hs\n');
  const row = await db.knex('audit_logs').where({ resource_id: 'database.url' }).first('details');
  expect(row).toMatchObject({ details: { to: 'postgres://***@db.example/hs' } });
});

test('set mends a file that no other command takes, and --unset takes a key out', async () => {
  await writeFile(file(), 'sample_fps: many\ntimezone: UTC\n');
  expect(await configHs(['set', 'sample_fps', '2'])).toMatchObject({ code: 0, stderr: expect.stringContaining('not recorded') });
  expect(await configHs(['set', 'timezone', '--unset'])).toMatchObject({ code: 0 });
  expect(await text()).toBe('sample_fps: 2\n');
});

test.each([
  [['set', 'detector.devise', 'cpu'], 'did you mean detector.device?'],
  [['set', 'detector', 'cpu'], 'is a group of settings'],
  [['set', 'detector.floor', 'high'], 'detector.floor = "high" from the command line is not right'],
  [['set', 'detector.floor', '2'], 'detector.floor = "2" from the command line'],
  [['set', 'timezone', 'Berlin'], 'is not a time zone name'],
  [['set', 'layouts', '[{'], 'not valid YAML'],
  [['set', 'timezone'], 'give either a value or --unset'],
  [['set', 'timezone', 'UTC', '--unset'], 'give either a value or --unset'],
  [['get', 'time.flor'], 'did you mean time.floor?'],
  [['get', '__proto__'], 'is not a known setting'],
  [['get', 'detector.constructor'], 'is not a known setting'],
  [['get', 'cameras'], 'name one of them: cameras.NAME'],
])('config %j is a usage error and writes nothing', async (args, message) => {
  await writeFile(file(), 'sample_fps: 2\n');
  expect(await configHs(args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
  expect(await text()).toBe('sample_fps: 2\n');
});

test('validate lists every problem with its line and exits with 2; a good file with 0', async () => {
  await writeFile(
    file(),
    'timezone: Berlin\ndetector:\n  devise: cpu\n  floor: 2\n  gates:\n    person: 0.5\n    car: no\ncameras:\n  gate:\n    enabled: maybe\n',
  );
  const { code, stdout, stderr } = await configHs(['validate', '--json']);
  expect(code).toBe(2);
  expect(stderr).toBe(`5 problems in ${file()}\n`);
  const { items } = JSON.parse(stdout) as { items: { line: number; column: number; key: string; problem: string; hint: string | null }[] };
  expect(items.map(({ line, column, key }) => [line, column, key])).toEqual([
    [1, 11, 'timezone'],
    [3, 3, 'detector.devise'],
    [4, 10, 'detector.floor'],
    [7, 10, 'detector.gates.car'],
    [10, 14, 'cameras.gate.enabled'],
  ]);
  expect(items[0]?.problem).toBe('"Berlin" is not a time zone name such as Europe/Berlin');
  expect(items[1]).toMatchObject({ problem: 'is not a known setting', hint: 'did you mean device?' });
  const [first, second] = (await configHs(['validate', 'hs.yaml'])).stdout.split('\n');
  expect(first).toBe('hs.yaml:1:11: timezone "Berlin" is not a time zone name such as Europe/Berlin');
  expect(second).toBe('hs.yaml:3:3: detector.devise is not a known setting (did you mean device?)');
  await writeFile(join(folder, 'good.yaml'), '# nothing but a comment\n');
  expect(await configHs(['validate', 'good.yaml'])).toMatchObject({ code: 0, stdout: 'good.yaml is valid\n', stderr: '' });
});

test('validate finds broken YAML, layouts that cannot work and bad variables, and never quotes a line', async () => {
  const problems = async (content: string, env: Record<string, string> = {}): Promise<[number | null, string | null, string][]> => {
    await writeFile(file(), content);
    const { code, stdout, stderr } = await configHs(['validate', '--json'], { env });
    expect(code).toBe(2);
    expect(stdout + stderr).not.toContain('t0p-secret');
    return (JSON.parse(stdout) as { items: { line: number; key: string; problem: string }[] }).items.map(({ line, key, problem }) => [
      line,
      key,
      problem,
    ]);
  };
  const broken = await problems('sample: motion\ntimezone: "t0p-secret\nlayout: [auto\n');
  expect(broken.length).toBeGreaterThan(0);
  expect(broken).toEqual(broken.map(() => [expect.any(Number), null, expect.stringContaining('not valid YAML')]));
  expect(await problems('- t0p-secret\n')).toEqual([[1, null, 'the file must hold keys and values']]);
  expect(await problems('layouts:\n  - name: own\n    templates: [{ template: "{nonsense}.jpg" }]\n')).toMatchObject([
    [2, 'layouts', expect.stringContaining('own')],
  ]);
  expect(await problems('\nlayout: dahau\n')).toMatchObject([[2, 'layout', expect.stringContaining('there is no layout "dahau"')]]);
  expect(await problems('timezone: UTC\n', { HS_SAMPLE_FPS: 'fast' })).toMatchObject([
    [null, 'sample_fps', expect.stringContaining('"fast" is not right')],
  ]);
});

test('validate of a file that is not there is a usage error', async () => {
  expect(await configHs(['validate', 'none.yaml'])).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('does not exist'),
  });
  expect(await configHs(['validate'])).toMatchObject({ code: 0, stdout: expect.stringContaining('no configuration file') });
});

test('schema is JSON Schema with every key, nothing required, and what each means', async () => {
  await writeFile(file(), 'not: [valid');
  const { code, stdout } = await configHs(['schema']);
  expect(code).toBe(0);
  const schema = JSON.parse(stdout) as {
    $schema: string;
    required?: string[];
    additionalProperties: boolean;
    properties: Record<string, object>;
  };
  expect(schema).toMatchObject({ $schema: expect.stringContaining('2020-12'), additionalProperties: false });
  expect(schema.required).toBeUndefined();
  expect(schema.properties['detector']).toMatchObject({
    properties: { floor: { type: 'number', maximum: 1, default: 0.25, description: expect.any(String) } },
  });
  expect(schema.properties['cameras']).toMatchObject({
    additionalProperties: { properties: { timezone: { description: expect.any(String) } } },
  });
});

test('two at once: the second either builds on the first or is told, never undoes it', async () => {
  await writeFile(file(), '');
  const keys = ['sample_fps', 'time.disagree_s', 'ingest.settle_s'];
  const results = await Promise.all(keys.map((key) => configHs(['set', key, '5'])));
  const values = await text();
  for (const [index, { code }] of results.entries()) {
    expect([0, 5]).toContain(code);
    expect(values.includes(`${keys[index]!.split('.').at(-1)!}: 5`)).toBe(code === 0);
  }
});

test('a lock that a killed program left behind holds nobody up', async () => {
  await writeFile(file(), '');
  const lock = `${file()}.lock`;
  await writeFile(lock, '');
  await utimes(lock, new Date(0), new Date(0));
  expect(await configHs(['set', 'sample_fps', '4'])).toMatchObject({ code: 0 });
  expect(await text()).toContain('sample_fps: 4');
  await expect(stat(lock)).rejects.toThrow('ENOENT');
});
