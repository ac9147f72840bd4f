import { Args, Flags } from '@oclif/core';
import { actorName } from '../cli/actor-name.ts';
import { HsCommand } from '../cli/hs-command.ts';
import { failOnFlag } from '../cli/fail-on-flag.ts';
import { durationFlag, clockFlag } from '../cli/moment-flags.ts';
import { checkFailedList, writeFailedList } from '../cli/write-failed-list.ts';
import { ingestText } from '../cli/ingest-text.ts';
import { printJsonWithList } from '../cli/print-json-with-list.ts';
import { snakeCased } from '../cli/snake-cased.ts';
import { createIngestView } from '../cli/ingest-view.ts';
import { settingsFingerprint } from '../config/settings-fingerprint.ts';
import type { IngestRequest } from '../services/ingest/ingest-options.ts';
import { EXIT, mostTellingExitCode } from '../errors/exit-codes.ts';

/** What only makes sense where one process does everything. */
const ONE_PROCESS_FLAGS = [
  'dry-run',
  'failed-list',
  'fail-on',
  'fail-on-empty',
  'from',
  'limit',
  'max-duration',
  'stop-at',
  'lock-wait',
  'shard',
  'workers',
];

export default class Ingest extends HsCommand<typeof Ingest> {
  static override summary = 'Take in folders of camera images and videos: detect, track, group into events, score them.';
  static override description = `Every file is read once, whatever its name later: its content is its identity. A run that is stopped or killed goes
on where it was; a damaged file is named, what could be read of it is kept, and the rest goes on.

--from takes detections that were made elsewhere instead of looking for them: a file of MegaDetector (batch output, versions 1.x) or of COCO
(images, annotations and categories; for a list of results --images names the file with its images). The names in it begin at PATH, or at its
own folder; what it says nothing about is left undone and told. All else is as ever: times, damage, what stands still, tracks, events.

Exit codes: 0 all done, 3 some files failed or are damaged, 7 --fail-on found something, 8 work is left (--limit, --max-duration, --stop-at),
11 another run works on these folders.`;
  static override examples = [
    '<%= config.bin %> ingest /footage',
    '<%= config.bin %> ingest /footage --detector yolox_nano_416 --stop-at 06:00',
    '<%= config.bin %> ingest clip.mp4 --camera gate --time 2026-01-14T08:15:00',
    '<%= config.bin %> ingest /footage --shard $((SLURM_ARRAY_TASK_ID + 1))/8',
    '<%= config.bin %> ingest --from megadetector detections.json /footage',
  ];
  static override strict = false;
  static override args = {
    path: Args.string({
      description: 'folder or file; several may be given. With --from the file of detections comes first',
      required: true,
    }),
  };
  static override settingFlags = {
    layout: 'layout',
    sample: 'sample',
    detector: 'detector.model',
    device: 'detector.device',
    workers: 'ingest.workers',
    settle: 'ingest.settle_s',
    'max-frames': 'ingest.max_frames',
  };
  static override flags = {
    camera: Flags.string({ summary: 'All files are from this camera.', helpValue: 'NAME' }),
    layout: Flags.string({ summary: 'Layout of file names; auto tries all.', helpValue: 'NAME' }),
    time: Flags.string({ summary: 'Start of the footage, ISO 8601; local to the camera without an offset.', helpValue: 'T' }),
    'time-step': Flags.custom<number>({
      summary: 'With --time: each file starts S seconds after the one before.',
      helpValue: 'S',
      parse: toNumber,
    })(),
    'time-sequential': Flags.boolean({ summary: 'With --time: each file starts where the one before ended.' }),
    sample: Flags.string({ summary: 'Frames to look at: motion, fps=F, every=Ns or keyframes.', helpValue: 'MODE' }),
    detector: Flags.string({ summary: 'Installed model, or motion for the built-in detector.', helpValue: 'NAME' }),
    from: Flags.string({
      summary: 'Take the detections in the file that is named first; find none.',
      options: ['megadetector', 'coco'],
      exclusive: ['detector', 'device', 'sample', 'max-frames'],
    }),
    images: Flags.string({
      summary: 'With --from coco: the file that has the images of a list of results.',
      helpValue: 'FILE',
      dependsOn: ['from'],
    }),
    device: Flags.string({ summary: 'Where to run the model; without auto nothing else will do.', helpValue: 'auto|cpu|cuda|…' }),
    workers: Flags.integer({ summary: 'Worker processes; default: one per core.', min: 1 }),
    include: Flags.string({
      summary: 'Only files whose path below the folder matches.',
      helpValue: 'GLOB',
      multiple: true,
      multipleNonGreedy: true,
    }),
    exclude: Flags.string({ summary: 'Leave out files whose path matches.', helpValue: 'GLOB', multiple: true, multipleNonGreedy: true }),
    settle: Flags.integer({ summary: 'Look twice at files younger than S seconds.', helpValue: 'S', min: 0 }),
    'max-frames': Flags.integer({ summary: 'Look at no more frames of a file than N.', helpValue: 'N', min: 1 }),
    redo: Flags.string({ summary: 'Analyse known files again.', options: ['failed', 'partial', 'all'] }),
    replace: Flags.boolean({ summary: 'Where a path holds new content, remove what the old content had shown.' }),
    'verify-hash': Flags.boolean({ summary: 'Read every file; do not trust path, size and time stamp.' }),
    analyze: Flags.boolean({ summary: 'Score events at the end; --no-analyze leaves that to hs analyze.', allowNo: true, default: true }),
    limit: Flags.integer({ summary: 'Take at most N files.', helpValue: 'N', min: 1 }),
    shard: Flags.string({
      summary: 'Take only part I of N equal parts, counted from 1; N runs, at once or not, take everything once. Cameras are not split.',
      helpValue: 'I/N',
      exclusive: ['camera', 'time'],
    }),
    'max-duration': durationFlag('Start no new file after this long, such as 90m or 6h.'),
    'stop-at': clockFlag('Start no new file after this time of day in the configured time zone.'),
    'lock-wait': Flags.integer({ summary: 'Wait up to S seconds for another run to end.', helpValue: 'S', min: 0, default: 0 }),
    'failed-list': Flags.string({
      summary: 'Write paths of failed and damaged files here, with code and reason (tab-separated).',
      helpValue: 'FILE',
    }),
    'fail-on': failOnFlag(),
    'fail-on-empty': Flags.boolean({ summary: 'Exit with 4 when no footage is found.' }),
    'dry-run': Flags.boolean({ summary: 'Say what would be done; write nothing.' }),
    queue: Flags.boolean({
      summary: 'Leave the work to workers (hs worker): one lists the folders, all look at what is new.',
      exclusive: ONE_PROCESS_FLAGS,
    }),
    priority: Flags.integer({
      summary: 'With --queue: 0 most urgent … 4; by default 2, and 4 for footage older than a day.',
      helpValue: 'N',
      min: 0,
      max: 4,
      dependsOn: ['queue'],
    }),
  };

  async run(): Promise<void> {
    const { ingestAsJob } = await import('../jobs/ingest-as-job.ts');
    const { toIngestRequest, workerCount } = await import('../services/ingest/to-ingest-request.ts');
    const { settings, flags } = this;
    const actor = actorName(settings.actor);
    if (flags['failed-list'] !== undefined) await checkFailedList(flags['failed-list']);
    const request = toIngestRequest({ ...flags, roots: this.words, settings, actor, now: new Date() });
    if (flags.queue) {
      await this.leaveScan(request);
      return;
    }
    const view = createIngestView({
      quiet: this.isQuiet,
      allProblems: flags.json || flags['failed-list'] !== undefined,
      note: (line) => {
        this.note(line);
      },
    });
    const work = this.withDatabase((database) =>
      ingestAsJob({
        database,
        settings,
        request,
        lockWaitMs: flags['lock-wait'] * 1000,
        version: this.config.version,
        workers: workerCount(settings),
        settingsFingerprint: settingsFingerprint(settings),
        args: { ...flags, paths: this.words },
        adopts: this.adoptedJob,
        logLevel: settings.logLevel,
        signal: this.signal,
        ...view,
      }),
    );
    const outcome = await work.finally(async () => {
      view.close();
      // Also when the run itself fails: what was found by then is not found again.
      if (flags['failed-list'] !== undefined) await writeFailedList(flags['failed-list'], view.problems.all());
    });
    const isEmpty = flags['fail-on-empty'] && outcome.tally.found === 0;
    const code = mostTellingExitCode([outcome.exitCode, ...(isEmpty ? [EXIT.nothingMatched] : [])]);
    const json = { schema_version: 1, ...snakeCased({ ...outcome, exitCode: code, problems: [] }) };
    if (flags.json) await printJsonWithList(json, { key: 'problems', items: view.problems.all() });
    else await this.print(ingestText(outcome, { problems: view.problems, terminal: this.stdout, dryRun: flags['dry-run'] }));
    this.remark(view.lostProblems());
    this.exitWith(code);
  }

  private async leaveScan(request: IngestRequest): Promise<void> {
    const { queueIngest } = await import('../jobs/queue-command.ts');
    const { scanOrder } = await import('../services/ingest/queue/scan-order.ts');
    const order = await scanOrder(request, this.settings, this.flags.priority);
    await this.printQueued(await this.withDatabase((database) => queueIngest(database, order)));
  }
}

function toNumber(text: string): Promise<number> {
  return Promise.resolve(Number(text));
}
