import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import { checkOutcome, type Check } from './check-outcome.ts';
import { chooseHome } from './choose-home.ts';
import { makeFootage } from './footage/make-footage.ts';
import { SCENARIO } from './footage/scenario.ts';
import { readHs, showHs, type HsProgram } from './hs-program.ts';
import { readSnapshot, type Snapshot } from './read-outcome.ts';
import type { DemoTruth } from './truth.ts';

/** Exit code of an ingest with damaged files; the demo holds one on purpose. */
const SOME_FAILED = 3;

const { out } = new Command('demo')
  .description('Draw footage of two cameras, ingest it, and check the answers against what was drawn')
  .option('--out <folder>', 'where footage, database and CSV go; emptied first', 'demo-out')
  .parse()
  .opts<{ out: string }>();

const FOOTAGE = path.join(out, 'footage');
const CSV = path.join(out, 'events.csv');
const CONFIG = path.join(out, 'hs.yaml');

const startMs = performance.now();

function say(text = ''): void {
  process.stdout.write(`${text}\n`);
}

function elapsedS(): string {
  return `${((performance.now() - startMs) / 1000).toFixed(1)} s`;
}

async function draw(): Promise<DemoTruth> {
  say('Three days before two cameras, drawn by this program and found again by hs.\n');
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const truth = await makeFootage(FOOTAGE);
  for (const { camera, startsAt, about } of SCENARIO) say(`  ${camera.padEnd(10)}  ${startsAt.slice(0, 16).replace('T', ' ')}  ${about}`);
  say(`\n${truth.files} files drawn into ${FOOTAGE} (${elapsedS()}).`);
  return truth;
}

async function setUp(truth: DemoTruth): Promise<HsProgram> {
  await writeFile(CONFIG, `# Written by the demo: both cameras write their local time into file names.\ntimezone: ${truth.zone}\n`);
  return { home: path.resolve(chooseHome(out)), config: path.resolve(CONFIG) };
}

type Tour = { before: Snapshot; after: Snapshot; ingestExitCodes: (number | null)[] };

/** What a person would do: ingest, look, export; then the same ingest once more. */
async function tour(program: HsProgram): Promise<Tour> {
  const files = { csvFile: path.resolve(CSV), footage: path.resolve(FOOTAGE) };
  const first = await showHs(program, ['ingest', FOOTAGE]);
  await showHs(program, ['events', 'list']);
  await showHs(program, ['export', 'events', '--format', 'csv', '--out', CSV]);
  const before = await readSnapshot(program, files);
  say(`\n$ hs ingest ${FOOTAGE}   (again, quietly)`);
  const second = await readHs(program, ['ingest', FOOTAGE, '--quiet']);
  return { before, after: await readSnapshot(program, files), ingestExitCodes: [first.exitCode, second.exitCode] };
}

function verify(truth: DemoTruth, { before, after, ingestExitCodes }: Tour): Check[] {
  const [first, second] = ingestExitCodes;
  const unchangedByRepeat = before.text === after.text && (second === 0 || second === SOME_FAILED);
  return [
    { claim: 'the exit code says that a file was damaged', problems: first === SOME_FAILED ? [] : [`it is ${first}`] },
    ...checkOutcome(truth, { events: before.events, files: before.files, unchangedByRepeat }),
  ];
}

/** True when all claims hold. */
function report(checks: readonly Check[]): boolean {
  say('\nCompared with what was drawn:');
  for (const { claim, problems } of checks) {
    say(`  ${problems.length === 0 ? 'ok   ' : 'WRONG'}  ${claim}`);
    for (const problem of problems) say(`           ${problem}`);
  }
  const wrong = checks.filter((check) => check.problems.length > 0).length;
  say(`\n${wrong === 0 ? 'All as drawn' : `${wrong} of ${checks.length} checks failed`}, ${elapsedS()}.`);
  return wrong === 0;
}

function suggestNext(program: HsProgram, truth: DemoTruth, eventId: string): void {
  say(`
What to try next
  export HS_HOME=${program.home} HS_CONFIG=${program.config}
  node bin/run.js events list --camera front_door
  node bin/run.js events show ${eventId}
  node bin/run.js files list --status partial
  node bin/run.js time explain '${path.join(FOOTAGE, truth.damaged[0]?.path ?? '')}'
  node bin/run.js doctor
${CSV} opens in any spreadsheet. The built-in detector sees only that something moves;
a model tells people from cars: node bin/run.js models list
Your own footage: node bin/run.js ingest FOLDER`);
}

const truth = await draw();
const program = await setUp(truth);
const result = await tour(program);
if (report(verify(truth, result))) suggestNext(program, truth, result.before.events[0]?.id ?? '1');
else process.exitCode = 1;
