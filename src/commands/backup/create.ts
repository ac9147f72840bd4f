import { Flags } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { createProgressLine } from '../../cli/progress-line.ts';
import { queueFlag } from '../../cli/queue-flag.ts';
import { rowsText } from '../../cli/rows-text.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { resolveTarget } from '../../services/export/export-target.ts';

export default class BackupCreate extends HsCommand<typeof BackupCreate> {
  static override summary = 'Write everything in the database to one file.';
  static override description =
    'All tables as of one moment, one NDJSON file each, in a zip with a manifest. It is read again and every hash compared before it gets its name. The footage itself is not in it: its paths and hashes are.';
  static override aliases = ['export:full_backup'];
  static override examples = ['<%= config.bin %> backup create', '<%= config.bin %> backup create --out /mnt/nas/hs.zip'];
  static override flags = {
    out: Flags.string({ summary: 'File or folder; by default a new file in the current folder.', helpValue: 'FILE' }),
    queue: queueFlag(),
  };

  async run(): Promise<void> {
    if (this.flags.queue) return this.leaveToWorkers(await import('../../jobs/queue-command.ts'));
    const { createBackup } = await import('../../jobs/create-backup-as-job.ts');
    const { out, json } = this.flags;
    const target = await resolveTarget({ out, folder: process.cwd(), type: 'backup', suffix: 'zip', at: new Date() });
    if (target.kind === 'stdout') throw new UsageError('a backup is read again before it counts: --out must be a file or folder');
    const line = createProgressLine({ quiet: this.isQuiet });
    const written = await this.withDatabase((database) =>
      createBackup({
        job: this.jobOf(database, 'backup create'),
        path: target.path,
        actor: actorName(this.settings.actor),
        onProgress: (percent, step) => {
          line.update(`backup ${String(percent)} % · ${step}`);
        },
      }),
    );
    line.clear();
    if (json) await this.printJson({ schema_version: 1, item: written });
    else await this.print(`${rowsText(written)} written to ${written.path}`);
  }
}
