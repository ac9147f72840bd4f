import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { saveVerdict } from '../../src/services/llm/save-verdict.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { makeFolder } from '../helpers/footage.ts';
import { PLAIN_ANSWER, startLlmDouble, type LlmDouble } from '../helpers/llm-double.ts';
import { runHs, type HsResult } from '../helpers/run-hs.ts';
import { seedCamera, seedRun } from '../db/answers/seed.ts';
import { judgeAt, RULE, seedJudged } from '../db/llm/seed-judged.ts';

const KEY = 'sk-k4n4ry-key';

let db: TestDatabase;
let server: LlmDouble;
let folder: { path: string; dispose: () => Promise<void> };
const run = (args: string[], input?: string, env: object = {}): Promise<HsResult> =>
  runHs(args, {
    env: { HS_DATABASE_URL: db.url, HS_ACTOR: 'tester', ...env },
    cwd: folder.path,
    ...(input === undefined ? {} : { input }),
  });
const hs = (...args: string[]): Promise<HsResult> => run(args);
const items = ({ stdout }: HsResult): Record<string, unknown>[] => (JSON.parse(stdout) as { items: Record<string, unknown>[] }).items;
const item = ({ stdout }: HsResult): Record<string, unknown> => (JSON.parse(stdout) as { item: Record<string, unknown> }).item;

beforeAll(async () => {
  db = await createTestDatabase();
  folder = await makeFolder();
  server = await startLlmDouble({ model: 'double-7b', apiKey: KEY, sees: true });
  await seedRun(db.knex);
  await seedCamera(db.knex, 'front_door');
});
afterAll(async () => {
  await server.kill();
  await db.drop();
  await folder.dispose();
});

describe('prompts', () => {
  test('the text of events comes with hs as version 0, at temperature 0', async () => {
    expect(items(await hs('prompts', 'list', '--json'))).toMatchObject([
      { model: 'nemotron', version: 0, temperature: 0, max_tokens: 2048 },
    ]);
    expect(await hs('prompts', 'show', 'nemotron')).toMatchObject({ code: 0, stdout: expect.stringContaining('home security cameras') });
    expect(await hs('prompts', 'show', 'florence2')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('hs prompts set florence-2'),
    });
    expect(await hs('prompts', 'show', 'nemotrn')).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean nemotron') });
  });

  test('A, B, back to 1, A again make the versions 1, 2, 3 and none (§10.9)', async () => {
    await writeFile(join(folder.path, 'a.txt'), 'Judge as A.\nShort.\n');
    const set = (...args: string[]): Promise<HsResult> => hs('prompts', 'set', 'nemotron', '--json', ...args);
    expect(item(await set('--file', 'a.txt', '--expect', '0', '--dry-run'))).toMatchObject({ version: 1, changed: true });
    expect(item(await set('--file', 'a.txt', '--expect', '0', '--message', 'first'))).toMatchObject({ version: 1, changed: true });
    expect(item(await run(['prompts', 'set', 'nemotron', '--file', '-', '--json'], 'Judge as B.\nShort.'))).toMatchObject({ version: 2 });
    expect(item(await hs('prompts', 'rollback', 'nemotron', '1', '--json'))).toMatchObject({ version: 3, changed: true });
    const again = await hs('prompts', 'set', 'nemotron', '--file', 'a.txt');
    expect(again).toMatchObject({ code: 0, stdout: 'unchanged\n', stderr: 'version 3 of nemotron stays active\n' });
    expect(items(await hs('prompts', 'history', 'nemotron', '--json'))).toMatchObject([
      { version: 3, is_active: true, description: 'rollback to v1', system_prompt: 'Judge as A.\nShort.' },
      { version: 2, is_active: false },
      { version: 1, description: 'first', created_by: 'tester' },
      { version: 0, description: 'comes with hs' },
    ]);
    const audit = await db.knex('audit_logs').where({ action: 'prompt_updated' }).orderBy('id').select('resource_id', 'actor', 'details');
    expect(audit.map(({ details }) => [details.from_version, details.to_version])).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
  });

  test('another version than was expected is a conflict with code 2', async () => {
    const conflict = await hs('prompts', 'set', 'nemotron', '--temperature', '1', '--expect', '2', '--json');
    expect(conflict).toMatchObject({ code: 2 });
    expect(JSON.parse(conflict.stderr)).toMatchObject({ code: 'version_conflict', message: 'version 3 of nemotron is active, not 2' });
    expect(await hs('prompts', 'set', 'nemotron', '--temperature', 'x')).toMatchObject({ code: 2 });
    expect(await hs('prompts', 'set', 'nemotron')).toMatchObject({ code: 2, stderr: expect.stringContaining('give --file') });
  });

  test('differences are shown line by line', async () => {
    expect(await hs('prompts', 'diff', 'nemotron', '2')).toMatchObject({
      code: 0,
      stdout: '  temperature: 0\n  max_tokens: 2048\n- Judge as B.\n+ Judge as A.\n  Short.\n',
    });
  });

  test('a file takes all to another store, and skips what it does not know (§10.9)', async () => {
    expect(await run(['prompts', 'set', 'florence2', '--file', '-'], '{"queries": ["Who?"]}')).toMatchObject({ code: 0 });
    expect(await hs('prompts', 'export', '--out', 'p.json')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('2 prompts written'),
    });
    const file = JSON.parse(await readFile(join(folder.path, 'p.json'), 'utf8')) as { format: number; prompts: Record<string, object> };
    expect(file).toMatchObject({
      format: 1,
      prompts: { nemotron: { system_prompt: 'Judge as A.\nShort.' }, 'florence-2': { queries: ['Who?'] } },
    });
    const other = {
      ...file,
      prompts: {
        florence2: { ...file.prompts['florence-2'], queries: ['What?'], system_prompt: 'x' },
        nemotron: file.prompts['nemotron'],
        gpt: {},
      },
    };
    const imported = await run(['prompts', 'import', '-', '--json'], JSON.stringify(other));
    expect(items(imported)).toEqual([
      { model: 'florence-2', result: 'changed', version: 2 },
      { model: 'nemotron', result: 'unchanged', version: 3 },
      { model: 'gpt', result: 'skipped', version: null },
    ]);
  });

  test('a text is tried on stored events without changing them (§10.9)', async () => {
    const env = { HS_LLM_BASE_URL: server.baseUrl, HS_LLM_MODEL: 'm', HS_LLM_API_KEY: KEY };
    expect(await hs('prompts', 'test')).toMatchObject({ code: 2, stderr: expect.stringContaining('no event was judged') });
    const { judge } = await judgeAt(db.knex, { baseUrl: server.baseUrl, llm: { apiKey: KEY } });
    const ids: number[] = [];
    for (let number = 0; number < 3; number += 1) {
      const facts = await seedJudged(db.knex, number);
      const verdict = await judge(facts, RULE);
      await db.knex.transaction((trx) => saveVerdict(trx, { verdict, runId: null }));
      await db.knex('events').where({ id: facts.event.id }).update({ risk_score: 40, risk_level: 'medium', risk_source: 'llm' });
      ids.push(facts.event.id);
    }
    server.options.answer = () => JSON.stringify({ ...PLAIN_ANSWER, risk_score: 70, summary: 'A \u001b[31mred person.' });
    const before = await db.knex('events').orderBy('id');
    const tested = await run(['prompts', 'test', '--file', '-', '--json'], 'Judge otherwise.', env);
    expect(items(tested)).toMatchObject(
      ids.map((id) => ({
        event_id: id,
        old_score: 40,
        new_score: 70,
        old_level: 'medium',
        new_level: 'high',
        level_changed: true,
        code: null,
      })),
    );
    expect(JSON.stringify(server.requests.at(-1)?.messages)).toContain('Judge otherwise.');
    expect(await db.knex('events').orderBy('id')).toEqual(before);
    expect(await db.knex('llm_interactions')).toHaveLength(3);
    const table = await run(['prompts', 'test', '--version', '2', '--events', String(ids[0])], undefined, env);
    expect(table).toMatchObject({ code: 0, stdout: expect.stringContaining('\\x1b[31mred') });
    expect(table.stdout).not.toContain('\u001b');
    expect(await run(['prompts', 'test', '--events', '999'], undefined, env)).toMatchObject({ code: 2 });
    server.options.fault = () => 'wrong model';
    const failed = await run(['prompts', 'test', '--events', String(ids[0]), '--json'], undefined, env);
    expect(failed.code).toBe(5);
    expect(items(failed)).toMatchObject([{ new_score: null, code: 'llm_http_4xx' }]);
    server.options.fault = () => undefined;
    expect(`${tested.stdout}${tested.stderr}${failed.stdout}${failed.stderr}`).not.toContain(KEY);
  });
});

describe('experiments', () => {
  test('are started, listed, reported and stopped (§10.10)', async () => {
    const start = (...args: string[]): Promise<HsResult> => hs('experiments', 'start', ...args, '--json');
    expect(await start('p', '--treatment', '2', '--split', 'x')).toMatchObject({ code: 2 });
    expect(item(await start('p3-vs-p2', '--treatment', '2'))).toMatchObject({
      control_version: 3,
      mode: 'shadow',
      split: 1,
      ended_at: null,
    });
    expect(items(await hs('experiments', 'list', '--json'))).toMatchObject([{ name: 'p3-vs-p2', created_by: 'tester' }]);
    server.options.answer = undefined as never;
    const { judge } = await judgeAt(db.knex, { baseUrl: server.baseUrl, llm: { apiKey: KEY } });
    const facts = await seedJudged(db.knex, 50);
    const verdict = await judge(facts, RULE);
    await db.knex.transaction((trx) => saveVerdict(trx, { verdict, runId: null }));
    await db.knex('event_feedback').insert({ event_id: facts.event.id, feedback_type: 'severity_wrong', expected_severity: 'medium' });
    expect(item(await hs('experiments', 'report', '--json'))).toMatchObject({
      pairs: 1,
      mean_diff: 0,
      correlation: null,
      same_level: 1,
      control: { asked: 1, failed: 0, invalid_share: 0 },
      treatment: { asked: 1 },
      feedback: { events: 1, control: 1, treatment: 1 },
      advice: [],
    });
    expect(item(await hs('experiments', 'stop', '--json'))).toMatchObject({ name: 'p3-vs-p2', ended_at: expect.any(String) });
    const audit = await db.knex('audit_logs').where({ resource_type: 'experiment' }).orderBy('id').select('action', 'details');
    expect(audit).toMatchObject([{ action: 'settings_changed', details: { started: { treatment: 2 } } }, { details: { stopped: {} } }]);
  });
});

describe('the language model in doctor and settings', () => {
  const llmLine = (found: HsResult): Record<string, unknown> | undefined => items(found).find(({ check }) => check === 'llm');

  test('says who answers, how it is held to the form, and whether it sees', async () => {
    const env = { HS_LLM_BASE_URL: server.baseUrl, HS_LLM_MODEL: 'm' };
    const found = await run(['doctor', '--require', 'llm', '--json'], undefined, { ...env, HS_LLM_API_KEY: KEY });
    expect(llmLine(found)).toMatchObject({
      status: 'ok',
      message: expect.stringMatching(/^double-7b at .* answers in \d+ ms, .*\(json_schema\), sees pictures$/),
    });
    const keyFile = join(folder.path, 'key');
    await writeFile(keyFile, 'sk-wrong\n');
    const wrong = await run(['doctor', '--require', 'llm', '--json'], undefined, { ...env, HS_LLM_API_KEY_FILE: 'key' });
    expect(llmLine(wrong)).toMatchObject({ status: 'fail', hint: 'check llm.api_key or llm.api_key_file' });
    expect(`${wrong.stdout}${wrong.stderr}`).not.toContain('sk-wrong');
    expect(wrong.code).toBe(6);
    const none = await hs('doctor', '--require', 'llm', '--json');
    expect(llmLine(none)).toMatchObject({ status: 'fail' });
    expect(llmLine(await hs('doctor', '--json'))).toMatchObject({ status: 'warn' });
  });

  test('a key is never shown', async () => {
    const env = { HS_LLM_BASE_URL: server.baseUrl, HS_LLM_API_KEY: KEY };
    for (const args of [
      ['config', 'show', '--json'],
      ['config', 'get', 'llm.api_key'],
      ['prompts', 'test'],
    ]) {
      const { stdout, stderr } = await run(args, undefined, env);
      expect(`${stdout}${stderr}`).not.toContain(KEY);
    }
    const bad = await run(['prompts', 'list'], undefined, {
      HS_LLM_API_KEY: `${KEY} with blanks`,
      HS_LLM_BASE_URL: `http://user:${KEY}@host`,
    });
    expect(bad.code).toBe(2);
    expect(bad.stderr).toContain('llm.api_key');
    expect(bad.stderr).not.toContain(KEY);
  });
});
