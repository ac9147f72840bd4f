import { resolve } from 'node:path';
import { Args } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { createProgressLine } from '../../cli/progress-line.ts';
import { rowsText } from '../../cli/rows-text.ts';

export default class BackupVerify extends HsCommand<typeof BackupVerify> {
  static override summary = 'Read a backup from end to end and compare every hash.';
  static override description = 'Needs no database. A damaged backup ends with code 2 and the part that is wrong.';
  static override examples = ['<%= config.bin %> backup verify hs-backup-20260114T081500Z.zip'];
  static override args = { file: Args.string({ description: 'The backup.', required: true }) };

  async run(): Promise<void> {
    const { verifyBackup } = await import('../../services/backup/verify-backup.ts');
    const line = createProgressLine({ quiet: this.isQuiet });
    const onRows = (done: number, total: number): void => {
      line.update(`verify ${String(Math.floor((100 * done) / total))} %`);
    };
    const found = await verifyBackup(resolve(this.args.file), { signal: this.signal, onRows });
    line.clear();
    if (this.flags.json) await this.printJson({ schema_version: 1, item: found });
    else {
      const { created_at, app_version } = found;
      await this.print(`intact: ${rowsText(found)}, made at ${created_at} by hs ${app_version}`);
    }
  }
}
