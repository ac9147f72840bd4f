import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { drawClip } from '../faults/draw-footage.ts';
import { createIngestSandbox, type IngestSandbox } from '../faults/ingest-sandbox.ts';
import { place } from '../faults/mixed-footage.ts';
import { PLAIN_ANSWER, startLlmDouble, type LlmDouble } from '../helpers/llm-double.ts';

let sandbox: IngestSandbox;
let model: LlmDouble;
const lines = async (): Promise<Record<string, unknown>[]> => {
  const text = await readFile(join(sandbox.folder, 'alerts.ndjson'), 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
};

async function events(): Promise<Record<string, unknown>[]> {
  const { stdout } = await sandbox.hs(['events', 'list', '--json', '--sort', 'started_at']);
  return (JSON.parse(stdout) as { items: Record<string, unknown>[] }).items;
}

/** Two visits, an hour apart; the second is found when the first is known. */
beforeAll(async () => {
  sandbox = await createIngestSandbox();
  model = await startLlmDouble({ answer: () => JSON.stringify(ANSWER) });
  await writeFile(join(sandbox.folder, 'hs.yaml'), CONFIG(sandbox.folder));
  for (const hour of ['08', '09']) {
    const figures = [{ x: '5+5*T', y: '40', width: 16, height: 40 }];
    const clip = await drawClip({ name: 'clip.mp4', figures, seconds: 4, fromS: hour === '08' ? 0 : 4 });
    await place(join(sandbox.footage, `gate/20260114_${hour}1500.mp4`), clip);
  }
});

afterAll(async () => {
  await model.kill();
  await sandbox.dispose();
});

const ANSWER = {
  ...PLAIN_ANSWER,
  risk_score: 50,
  summary: 'Something moves across the picture.',
  entities: [],
  reasoning: 'It moves by day.',
};
const CONFIG = (folder: string): string => `
timezone: UTC
notifications:
  max_age: 36500d
  channels:
    log: { type: file, path: ${join(folder, 'alerts.ndjson')} }
`;
const llm = (): Record<string, string> => ({ HS_LLM_BASE_URL: model.baseUrl, HS_LLM_MODEL: 'double', HS_LLM_DEADLINE_S: '2' });

test('an ingest scores its events, raises their alerts and tells of them; --fail-on hears of what was found', async () => {
  expect(await sandbox.hs(['rules', 'add', 'Anything', '--cooldown', '0', '--severity', 'medium'])).toMatchObject({ code: 0 });
  expect(await sandbox.hs(['notifications', 'set', '--levels', 'low,medium,high,critical'])).toMatchObject({ code: 0 });
  const first = await sandbox.ingest([join(sandbox.footage, 'gate/20260114_081500.mp4'), '--fail-on', 'alert,level=low,tamper']);
  expect(first).toMatchObject({
    code: 7,
    report: {
      scored: { low: 1, medium: 0, high: 0, critical: 0 },
      alerts: { created: 1, dismissed: 0, told: { delivered: 1, held: 0, failed: 0 } },
      findings: [
        { kind: 'alert', count: 1 },
        { kind: 'level=low', count: 1 },
      ],
    },
  });
  const [event] = await events();
  expect(event).toMatchObject({ risk_source: 'rules', risk_level: 'low', analysis_status: 'analyzed' });
  expect(await lines()).toHaveLength(1);
  expect((await stat(join(sandbox.folder, 'alerts.ndjson'))).mode & 0o777).toBe(0o600);
  const shown = await sandbox.hs(['events', 'show', String(event?.['id'])]);
  expect(shown.stdout).toContain('Motion seen (+4).');
});

test('the same footage again raises nothing and finds nothing', async () => {
  const again = await sandbox.ingest([join(sandbox.footage, 'gate/20260114_081500.mp4'), '--fail-on', 'alert,level=low']);
  expect(again).toMatchObject({ code: 0, report: { alerts: { created: 0 }, findings: [] } });
  expect(await lines()).toHaveLength(1);
});

test('a hole between what a run takes in is a finding', async () => {
  await sandbox.hs(['cameras', 'set', 'gate', '--recording', 'continuous']);
  const { code, report } = await sandbox.ingest([sandbox.footage, '--redo', 'all', '--fail-on', 'gap', '--no-analyze']);
  expect({ code, findings: (report as unknown as { findings: unknown }).findings }).toEqual({
    code: 7,
    findings: [{ kind: 'gap', count: 1 }],
  });
  const usage = await sandbox.hs(['ingest', sandbox.footage, '--fail-on', 'level=worse']);
  expect(usage).toMatchObject({ code: 2, stdout: '' });
  expect(usage.stderr).toContain('level=low|medium|high|critical');
});

test('where a language model is set up events wait for it; one that is down leaves the score by rules and code 5', async () => {
  await model.kill();
  const down = await sandbox.hs(['analyze', '--rescore', '--json'], llm());
  expect({ code: down.code, ...(JSON.parse(down.stdout) as object) }).toMatchObject({ code: 5, analysed: 2, failed: 2 });
  expect(down.stderr).toContain('no verdict of the language model');
  for (const event of await events()) {
    expect(event).toMatchObject({ risk_source: 'rules', analysis_status: 'failed', risk_level: 'low' });
  }
});

test('--status failed asks again; the verdict, its record and its alerts are stored once', async () => {
  await model.restart();
  const asked = model.requests.length;
  const { code, stdout } = await sandbox.hs(['analyze', '--status', 'failed', '--json'], llm());
  expect({ code, ...(JSON.parse(stdout) as object) }).toMatchObject({ code: 0, analysed: 2, failed: 0, levels: { medium: 2 } });
  expect(model.requests.length - asked).toBe(2);
  for (const event of await events()) {
    expect(event).toMatchObject({ risk_source: 'llm', risk_score: 50, analysis_status: 'analyzed', summary: ANSWER.summary });
  }
  const { knex } = sandbox.db;
  expect(await knex('llm_interactions').whereNotNull('raw_response').count({ count: '*' })).toEqual([{ count: 2 }]);
  expect(await knex('alerts').count({ count: '*' })).toEqual([{ count: 2 }]);
  expect(await knex('due_alerts')).toEqual([]);
  const { stdout: again } = await sandbox.hs(['analyze', '--json'], llm());
  expect(JSON.parse(again)).toMatchObject({ analysed: 0 });
  expect((await sandbox.hs(['check', '--fail-on', 'integrity'])).code).toBe(0);
});

test('evaluating repeats the rules exactly and asks the model about its answer', async () => {
  model.options.answer = () => JSON.stringify({ critique: 'Fine.' });
  const { stdout } = await sandbox.hs(['audit', 'evaluate', '--mode', 'consistency', '--csv'], llm());
  expect(stdout).toContain('consistency');
  const dry = await sandbox.hs(['analyze', '--llm', '--dry-run'], llm());
  expect(dry).toMatchObject({ code: 2 });
});
