import { afterAll, beforeAll, expect, test } from 'vitest';
import { seedCamera, seedEvent } from '../db/answers/seed.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { runHs, type HsResult } from '../helpers/run-hs.ts';

let db: TestDatabase;
let event: string;
const hs = (...args: string[]): Promise<HsResult> => runHs(args, { env: { HS_DATABASE_URL: db.url } });

beforeAll(async () => {
  db = await createTestDatabase();
  await seedCamera(db.knex, 'gate', { timezone: 'Europe/Berlin' });
  const more = { risk_score: 70, risk_level: 'high', risk_source: 'rules', summary: '1 person\u001b[31m.' };
  event = String(await seedEvent(db.knex, { camera: 'gate', members: [], at: '2026-01-10T20:00:00Z', more }));
});

afterAll(() => db.drop());

test('a day is summarised, listed and shown', async () => {
  const dry = await hs('summaries', 'create', '--at', '2026-01-10', '--dry-run');
  expect(dry).toMatchObject({ code: 0, stderr: expect.stringContaining('nothing was kept') });
  const made = JSON.parse((await hs('summaries', 'create', '--at', '2026-01-10', '--json')).stdout) as { item: { id: number } };
  expect(made.item).toMatchObject({
    summary_type: 'daily',
    window_start: '2026-01-09T23:00:00.000Z',
    event_ids: [Number(event)],
    text_by: 'template',
    events_by_level: { high: 1 },
  });
  const shown = await hs('summaries', 'show', String(made.item.id));
  expect(shown.stdout).toContain('2026-01-10T00:00:00.000+01:00');
  expect(shown.stdout).not.toContain('\u001b[31m');
  expect((await hs('summaries', 'list', '--ids')).stdout).toBe(`${made.item.id}\n`);
});

test('audits of events are listed; what cannot be evaluated is told', async () => {
  const evaluated = await hs('audit', 'evaluate', event, '--ndjson');
  const lines = evaluated.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(lines[2]).toMatchObject({ mode: 'consistency' });
  expect(lines.at(-1)).toMatchObject({ type: 'summary', count: 4 });
  await db.knex('event_audits').insert({ event_id: event, overall_quality_score: 3.5 }).onConflict('event_id').merge();
  expect((await hs('audit', 'events', '--min-quality', '3.2', '--ids')).stdout).toBe(`${event}\n`);
  expect((await hs('audit', 'events', '--min-quality', '3.6', '--ids')).stdout).toBe('');
});

test.each([
  [['summaries', 'create'], 2, 'no footage yet'],
  [['summaries', 'create', '--at', 'soon'], 2, 'not a time'],
  [['summaries', 'show', '424242'], 2, 'no summary 424242'],
  [['summaries', 'list', '--type', 'weekly'], 2, 'not one of'],
  [['audit', 'evaluate', '424242'], 2, 'no event 424242'],
  [['audit', 'evaluate', '--mode', 'critique'], 6, 'language model'],
  [['audit', 'events', '--min-quality', '6'], 2, 'not a number from 1 to 5'],
  [['audit', 'events', '--mode', 'x'], 2, 'not one of'],
])('%j ends with %s', async (args, code, message) => {
  expect(await hs(...args)).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(message) });
});
