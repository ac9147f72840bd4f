import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerResponse } from 'node:http';
import type { Knex } from 'knex';
import type { Database } from '../../src/db/database.ts';
import { seedCamera, seedDetection, seedEvent, seedFile, seedRun } from '../db/answers/seed.ts';
import { LLM_FAULTS, PLAIN_ANSWER, startLlmDouble, type LlmDouble, type LlmFault } from '../helpers/llm-double.ts';
import { runHs, startHs } from '../helpers/run-hs.ts';
import { WIRE_FAULTS } from '../helpers/wire-faults.ts';
import { seededRandom } from '../unit/domain/make-detections.ts';

export type LlmStormOptions = {
  database: Database;
  url: string;
  folder: string;
  events: number;
  /** Of the program, and of the server. */
  kills: number;
  /** Of all requests, so many are answered badly. */
  share: number;
  seed: number;
  log: (line: string) => void;
};

export type LlmStormResult = { counts: Record<string, number>; violations: string[] };

type Storm = LlmStormOptions & LlmStormResult & { random: () => number; model: LlmDouble; env: Record<string, string>; said: string[] };

export const CANARY = 'sk-k4n4ry-of-the-storm';
const DEADLINE_S = 3;
const PEAK_MB = 300;
const FAILURES = ['llm_unreachable', 'llm_timeout', 'llm_http_4xx', 'llm_invalid', 'llm_refused'];
/** Ends a run: whoever has the wrong key has it for every event. */
const FINAL: readonly string[] = ['wrong key', 'wrong model'];

type Misdeed = LlmFault | ((response: ServerResponse) => void);

/** A right answer that is far too long, for those who keep answers. */
const LONG_ANSWER = (response: ServerResponse): void => {
  const content = JSON.stringify({ ...PLAIN_ANSWER, risk_score: 41 }) + ' '.repeat(3_000_000);
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify({ model: 'double', choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }] }),
  );
};

/** Has events judged by a server that does everything wrong, while both are killed: each event ends with one verdict, or with the rules and a reason. */
export async function runLlmStorm(options: LlmStormOptions): Promise<LlmStormResult> {
  const random = seededRandom(options.seed);
  const misdeeds: Misdeed[] = [...LLM_FAULTS.filter((name) => !FINAL.includes(name)), ...Object.values(WIRE_FAULTS), LONG_ANSWER];
  const counts: Record<string, number> = {};
  let mood: 'bad' | 'good' | 'wordy' = 'bad';
  const model = await startLlmDouble({
    apiKey: CANARY,
    answer: () => JSON.stringify({ ...PLAIN_ANSWER, risk_score: 41 }),
    fault: () => {
      if (mood === 'wordy') return LONG_ANSWER;
      if (mood === 'good' || random() >= options.share) return undefined;
      counts['requests answered badly'] = (counts['requests answered badly'] ?? 0) + 1;
      return misdeeds[Math.floor(random() * misdeeds.length)];
    },
  });
  const env = {
    HS_HOME: `${options.folder}/home`,
    HS_DATABASE_URL: options.url,
    HS_LLM_BASE_URL: model.baseUrl,
    HS_LLM_MODEL: 'double',
    HS_LLM_API_KEY: CANARY,
    HS_LLM_DEADLINE_S: String(DEADLINE_S),
  };
  const storm: Storm = { ...options, counts, violations: [], random, model, env, said: [] };
  await seedEvents(options.database.knex, options.events);
  await killInTheMiddle(storm);
  await endBadly(storm);
  mood = 'good';
  await endWell(storm);
  mood = 'wordy';
  await hearLongAnswers(storm);
  await lookForSecrets(storm);
  await model.kill();
  storm.counts['requests in all'] = model.requests.length;
  return { counts: storm.counts, violations: storm.violations };
}

async function seedEvents(knex: Knex, number: number): Promise<void> {
  await seedRun(knex);
  await seedCamera(knex, 'gate', { last_seen_at: new Date() });
  for (let index = 0; index < number; index += 1) {
    const at = new Date(Date.parse('2026-01-10T00:00:00Z') + index * 300_000).toISOString();
    const fileId = await seedFile(knex, { camera: 'gate', at });
    const member = await seedDetection(knex, { fileId, camera: 'gate', at });
    await seedEvent(knex, { camera: 'gate', members: [member], more: { detection_ids: JSON.stringify([member.id]) } });
  }
}

/** The program dies, and the server under it, at random moments. */
async function killInTheMiddle(storm: Storm): Promise<void> {
  for (let kill = 0; kill < storm.kills; kill += 1) {
    const running = analyse(storm, []);
    await Promise.race([sleep(2_000 + storm.random() * 3_000), running.ended]);
    if (storm.random() < 0.5) {
      await storm.model.kill();
      await sleep(storm.random() * 300);
      await storm.model.restart();
    }
    running.kill();
    const { code } = await running.ended;
    count(storm, code === null ? 'runs killed' : 'runs that were over before their kill');
    await judgedOnce(storm, `after kill ${String(kill)}`);
  }
}

/** Nobody is killed any more, and the server is as bad as ever: nothing may be left undecided. */
async function endBadly(storm: Storm): Promise<void> {
  const startedMs = performance.now();
  const { code, stderr } = await analyse(storm, []).ended;
  const seconds = (performance.now() - startedMs) / 1000;
  storm.log(`the run with faults took ${seconds.toFixed(0)} s and ended with ${String(code)}`);
  if (code !== 0 && code !== 5) storm.violations.push(`the run with faults ended with ${String(code)}: ${stderr}`);
  // Two at a time, and no event longer than its deadline and what is under way then.
  if (seconds > 30 + (storm.events * (DEADLINE_S + 2)) / 2) storm.violations.push(`the run with faults took ${seconds.toFixed(0)} s`);
  const rows = await readEvents(storm);
  for (const { id, source, status, code: reason, score, verdicts } of rows) {
    const isJudged = source === 'llm' && status === 'analyzed' && verdicts === 1;
    const isLeft = source === 'rules' && status === 'failed' && reason !== null && FAILURES.includes(reason) && score !== null;
    count(storm, isJudged ? 'events judged under faults' : `events left to the rules: ${String(reason)}`);
    if (!isJudged && !isLeft) storm.violations.push(`event ${String(id)}: ${JSON.stringify({ source, status, reason, score, verdicts })}`);
  }
}

async function endWell(storm: Storm): Promise<void> {
  const { code, stderr } = await analyse(storm, ['--status', 'failed']).ended;
  if (code !== 0) storm.violations.push(`the run without faults ended with ${String(code)}: ${stderr}`);
  await judgedOnce(storm, 'in the end');
  const rows = await readEvents(storm);
  const judged = rows.filter(({ source, status, score }) => source === 'llm' && status === 'analyzed' && score === 41);
  storm.counts['events judged in the end'] = judged.length;
  if (judged.length !== storm.events)
    storm.violations.push(`${String(judged.length)} of ${String(storm.events)} events have the verdict of the model`);
  const check = await runHs(['check', '--fail-on', 'integrity', '--quiet'], { env: storm.env });
  if (check.code !== 0) storm.violations.push(`hs check: ${check.stdout}`);
}

/** Answers are kept, so that the same question is not asked twice: not at any length. */
async function hearLongAnswers(storm: Storm): Promise<void> {
  const { code, stderr } = await analyse(storm, ['--rescore']).ended;
  if (code !== 0) storm.violations.push(`the run with long answers ended with ${String(code)}: ${stderr}`);
}

type EventRow = { id: number; source: string | null; status: string; code: string | null; score: number | null; verdicts: number };

async function readEvents({ database: { knex } }: Storm): Promise<EventRow[]> {
  const { rows } = await knex.raw<{ rows: EventRow[] }>(
    `SELECT e.id, e.risk_source AS source, e.analysis_status AS status, e.analysis_code AS code, e.risk_score AS score,
            (SELECT count(*)::int FROM llm_interactions i WHERE i.event_id = e.id AND i.validation_result ->> 'code' IS NULL) AS verdicts
       FROM events e ORDER BY e.id`,
  );
  return rows;
}

async function judgedOnce(storm: Storm, when: string): Promise<void> {
  for (const { id, verdicts } of await readEvents(storm))
    if (verdicts > 1) storm.violations.push(`${when}: event ${String(id)} has ${String(verdicts)} verdicts`);
}

/** Watches the memory while it runs. */
function analyse(storm: Storm, args: readonly string[]): { kill: () => void; ended: Promise<{ code: number | null; stderr: string }> } {
  const child = startHs(['analyze', ...args, '--json'], { env: storm.env, cwd: storm.folder });
  let [stderr, stdout] = ['', ''];
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  let peakMb = 0;
  const timer = setInterval(() => {
    peakMb = Math.max(peakMb, readPeakMb(child.pid));
  }, 100);
  const ended = new Promise<{ code: number | null; stderr: string }>((done) =>
    child.on('close', (code) => {
      clearInterval(timer);
      storm.said.push(stdout, stderr);
      storm.counts['peak of hs in MB'] = Math.max(storm.counts['peak of hs in MB'] ?? 0, Math.round(peakMb));
      if (peakMb > PEAK_MB) storm.violations.push(`hs analyze needed ${peakMb.toFixed(0)} MB`);
      done({ code, stderr });
    }),
  );
  return { kill: () => child.kill('SIGKILL'), ended };
}

function readPeakMb(pid: number | undefined): number {
  try {
    return (Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1] ?? 0) * 1024) / 1e6;
  } catch {
    return 0; // it has just ended
  }
}

/** In what was said, and in every table. */
async function lookForSecrets(storm: Storm): Promise<void> {
  const { knex } = storm.database;
  if (storm.said.some((text) => text.includes(CANARY))) storm.violations.push('the key of the model was said');
  const tables = await knex('pg_tables').where({ schemaname: 'public' }).pluck<string[]>('tablename');
  for (const table of tables) {
    const [row] = await knex(table)
      .whereRaw('?? :: text LIKE ?', [table, `%${CANARY}%`])
      .count<{ n: string }[]>({ n: '*' });
    if (Number(row?.n) > 0) storm.violations.push(`the key of the model is in ${table}`);
  }
  storm.counts['tables without the key'] = tables.length;
}

function count({ counts }: LlmStormResult, what: string): void {
  counts[what] = (counts[what] ?? 0) + 1;
}
