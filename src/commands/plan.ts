import { Flags } from '@oclif/core';
import { actorName } from '../cli/actor-name.ts';
import { HsCommand } from '../cli/hs-command.ts';
import { durationFlag } from '../cli/moment-flags.ts';
import { planText } from '../cli/plan-text.ts';
import { createProblemList } from '../cli/problem-list.ts';
import { createProgressLine } from '../cli/progress-line.ts';
import { printJsonWithList } from '../cli/print-json-with-list.ts';
import { EXIT, mostTellingExitCode } from '../errors/exit-codes.ts';
import Ingest from './ingest.ts';

const PROBE_MS = 30_000;

const { camera, layout, time, sample, detector, device, workers, include, exclude, settle, redo, limit } = Ingest.flags;
const { 'time-step': timeStep, 'time-sequential': timeSequential, 'max-frames': maxFrames, 'verify-hash': verifyHash } = Ingest.flags;
const { 'fail-on-empty': failOnEmpty, 'max-duration': maxDuration, 'stop-at': stopAt } = Ingest.flags;

export default class Plan extends HsCommand<typeof Plan> {
  static override summary = 'Say what an ingest of these folders would take in, and how long that takes.';
  static override description = `Lists and reads files as hs ingest --dry-run does and writes nothing. What files take is known from earlier runs that
analysed in the same way; where there are none, some of the files are analysed for --probe seconds, and nothing is kept of that. Figures
are means of what was measured; in brackets is where they lie in 8 of 10 cases if the files are like those that were measured.
--workers N tells the time with N worker processes, --max-duration and --stop-at how much would be left then.

Exit codes: 0 all can be taken in, 3 some files are damaged, 4 nothing was found and --fail-on-empty is given, 8 --limit was reached.`;
  static override examples = [
    '<%= config.bin %> plan /footage --workers 16 --stop-at 06:00',
    '<%= config.bin %> plan /footage --probe 2m --json',
  ];
  static override strict = false;
  static override args = Ingest.args;
  static override settingFlags = Ingest.settingFlags;
  static override flags = {
    ...{ camera, layout, time, 'time-step': timeStep, 'time-sequential': timeSequential, sample, detector, device, workers },
    ...{ include, exclude, settle, 'max-frames': maxFrames, redo, 'verify-hash': verifyHash, limit },
    ...{ 'max-duration': maxDuration, 'stop-at': stopAt, 'fail-on-empty': failOnEmpty },
    probe: durationFlag('Analyse files so long where nothing is known of them, default 30s.'),
    'no-probe': Flags.boolean({ summary: 'Analyse nothing.', exclusive: ['probe'] }),
  };

  async run(): Promise<void> {
    const { planIngest } = await import('../services/plan/plan-ingest.ts');
    const { toIngestRequest, workerCount } = await import('../services/ingest/to-ingest-request.ts');
    const { settings, flags, signal } = this;
    const never = { replace: false, analyze: true, 'dry-run': true };
    const request = toIngestRequest({ ...flags, ...never, roots: this.words, settings, actor: actorName(settings.actor), now: new Date() });
    const line = createProgressLine({ quiet: this.isQuiet });
    const problems = createProblemList(flags.json);
    const work = this.withDatabase(({ knex }) =>
      planIngest({
        knex,
        settings,
        request,
        workers: workerCount(settings),
        probeMs: flags['no-probe'] ? 0 : (flags.probe ?? PROBE_MS),
        signal,
        onProgress: ({ found }) => {
          line.update(`listing, ${String(found)} found`);
        },
        onProbe: () => {
          line.update('analysing some files to see what they take');
        },
        onProblem: problems.add,
        warn: (message) => {
          line.clear();
          this.note(`warning: ${message}`);
        },
      }),
    );
    const plan = await work.finally(line.clear);
    const codes = [
      ...(plan.unlisted > 0 || plan.states.some(({ state }) => state === 'damaged') ? [EXIT.someFailed] : []),
      ...(plan.beyond_limit ? [EXIT.limitReached] : []),
      ...(flags['fail-on-empty'] && plan.found === 0 ? [EXIT.nothingMatched] : []),
    ];
    const code = mostTellingExitCode(codes);
    const json = { schema_version: 1, ...plan, problems: [], exit_code: code };
    if (flags.json) await printJsonWithList(json, { key: 'problems', items: problems.all() });
    else await this.print(await planText(plan, this.stdout));
    this.exitWith(code);
  }
}
