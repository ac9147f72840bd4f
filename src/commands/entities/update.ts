import { actorName } from '../../cli/actor-name.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecord } from '../../cli/print-record.ts';
import { createProgressLine } from '../../cli/progress-line.ts';
import { recogniseFlags } from '../../cli/recognise-flags.ts';
import { recogniseAsJob } from '../../jobs/recognise-as-job.ts';

export default class EntitiesUpdate extends HsCommand<typeof EntitiesUpdate> {
  static override summary = 'Recognise who was seen in footage that is new since the last time.';
  static override description =
    'Reads the best crops of confirmed tracks from the footage again and compares them, in the order of footage, with members of households and with who was seen lately. Needs an installed embedding model; an ingest never does this by itself.';
  static override examples = ['<%= config.bin %> entities update', '<%= config.bin %> entities update --camera front_door --since 7d'];
  static override settingFlags = { device: 'detector.device' };
  static override flags = recogniseFlags;

  async run(): Promise<void> {
    if (this.flags.queue) return this.leaveToWorkers(await import('../../jobs/queue-command.ts'));
    const { since, until, camera: cameras, model, json } = this.flags;
    const line = createProgressLine({ quiet: this.isQuiet });
    const work = this.withDatabase((database) =>
      recogniseAsJob({
        database,
        settings: this.settings,
        model,
        scope: { since, until, cameras },
        anew: false,
        actor: actorName(this.settings.actor),
        signal: this.signal,
        args: { ...this.flags },
        adopts: this.adoptedJob,
        version: this.config.version,
        settingsFingerprint: this.settingsFingerprint,
        logLevel: this.settings.logLevel,
        onProgress: ({ tracks, crops }) => {
          line.update(() => `${String(tracks)} tracks, ${String(crops)} crops`);
        },
        onProblem: ({ path, message }) => {
          this.note(`${path} ${message}`);
        },
      }),
    );
    const { exitCode, ...outcome } = await work.finally(() => {
      line.clear();
    });
    await printRecord(outcome, { json, terminal: this.stdout });
    this.exitWith(exitCode);
  }
}
