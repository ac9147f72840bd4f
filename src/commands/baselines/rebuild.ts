import { computeFlags } from '../../cli/baseline-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { listFormat } from '../../cli/list-flags.ts';
import { asOfFlag } from '../../cli/moment-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { createProgressLine } from '../../cli/progress-line.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { EXIT } from '../../errors/exit-codes.ts';
import { RESULT_COLUMNS, RESULT_LIST_COLUMNS, VERIFY_COLUMNS, VERIFY_LIST_COLUMNS } from '../../services/baselines/baseline-result.ts';

export default class BaselinesRebuild extends HsCommand<typeof BaselinesRebuild> {
  static override summary = 'Compute what is usual anew, from tracks and coverage alone.';
  static override description =
    'Only rows that differ are written; their numbers are shown. With --verify nothing is changed: it says whether what is stored is what a rebuild would give, and ends with 1 when it is not. With --as-of the 30 days before that time are looked at until the next update.';
  static override examples = ['<%= config.bin %> baselines rebuild', '<%= config.bin %> baselines rebuild --camera "front_*" --verify'];
  static override flags = {
    ...computeFlags,
    verify: { ...computeFlags.verify, exclusive: ['as-of'] },
    'as-of': asOfFlag('End of the 30 days that are looked at; by default that of the footage.'),
  };

  async run(): Promise<void> {
    if (this.flags.queue) return this.leaveToWorkers(await import('../../jobs/queue-command.ts'));
    const { computeBaselines, verifyBaselines } = await import('../../jobs/compute-baselines.ts');
    const { 'as-of': asOf, columns: wanted, camera: cameras, verify } = this.flags;
    const { settings, signal } = this;
    const line = createProgressLine({ quiet: this.isQuiet });
    const format = { wanted, format: listFormat(this.flags), terminal: this.stdout, emptyText: 'no cameras' };
    const choice = { cameras, zones: settings };
    await this.withDatabase(async (database) => {
      if (verify) {
        const found = await verifyBaselines(database.knex, { ...choice, signal });
        if (found.some(({ identical }) => !identical)) this.exitWith(EXIT.bug);
        await printList(found, { columns: recordColumns(VERIFY_COLUMNS, VERIFY_LIST_COLUMNS), ...format });
        return;
      }
      const results = await computeBaselines({
        ...choice,
        job: this.jobOf(database, 'baselines rebuild'),
        how: { kind: 'rebuild', asOf },
        onProgress: (percent, cameraId) => {
          line.update(`rebuild ${String(percent)} % · ${cameraId}`);
        },
      });
      line.clear();
      await printList(results, { columns: recordColumns(RESULT_COLUMNS, RESULT_LIST_COLUMNS), ...format });
    });
  }
}
