import { resolve } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { createProgressLine } from '../../cli/progress-line.ts';
import { rowsText } from '../../cli/rows-text.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { resolveTarget } from '../../services/export/export-target.ts';

export default class BackupRestore extends HsCommand<typeof BackupRestore> {
  static override summary = 'Make the database what it was when a backup was made.';
  static override description =
    'All or nothing: the file is checked from end to end first, and a restore that fails or is stopped leaves everything as it was. What is there is backed up first, into the folder of the backup. The backup must be of the schema that the database has.';
  static override examples = [
    '<%= config.bin %> backup restore hs-backup-20260114T081500Z.zip',
    '<%= config.bin %> backup restore hs-backup-20260114T081500Z.zip --replace --yes',
  ];
  static override args = { file: Args.string({ description: 'The backup.', required: true }) };
  static override flags = {
    replace: Flags.boolean({ summary: 'Also when the database is not empty: all of it goes.', default: false }),
    'safety-backup': Flags.boolean({ summary: 'Back up what is there first.', default: true, allowNo: true }),
    'lock-wait': Flags.integer({ summary: 'Wait up to S seconds for a run that writes.', helpValue: 'S', min: 0, default: 0 }),
    yes: Flags.boolean({ summary: 'Needed with --replace.', default: false }),
    'dry-run': Flags.boolean({ summary: 'Check everything and change nothing.', default: false }),
  };

  async run(): Promise<void> {
    const { restoreAsJob } = await import('../../jobs/restore-backup-as-job.ts');
    const { replace, yes, json, 'dry-run': dryRun } = this.flags;
    if (replace && !yes && !dryRun) {
      throw new UsageError('--replace deletes everything that is in the database', {
        code: 'not_confirmed',
        hint: 'give --yes to do it, or --dry-run',
      });
    }
    const path = resolve(this.args.file);
    const safety = await resolveTarget({ out: resolve(path, '..'), folder: '.', type: 'safety-backup', suffix: 'zip', at: new Date() });
    const line = createProgressLine({ quiet: this.isQuiet });
    const restored = await this.withDatabase((database) =>
      restoreAsJob({
        job: this.jobOf(database, 'backup restore'),
        path,
        replace,
        dryRun,
        lockWaitMs: this.flags['lock-wait'] * 1000,
        actor: actorName(this.settings.actor),
        safetyPath: this.flags['safety-backup'] && safety.kind === 'file' ? safety.path : undefined,
        onProgress: (percent, step) => {
          line.update(`restore ${String(percent)} % · ${step}`);
        },
      }),
    );
    line.clear();
    if (json) await this.printJson({ schema_version: 1, item: { ...restored, dry_run: dryRun } });
    else await this.print(`${rowsText(restored)} ${dryRun ? 'would be restored' : 'restored'}`);
    if (restored.safety_backup !== null) this.note(`what was there before is in ${restored.safety_backup}`);
    if (dryRun) this.note('nothing was changed');
  }
}
