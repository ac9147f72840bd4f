import { computeFlags } from '../../cli/baseline-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { listFormat } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { EXIT } from '../../errors/exit-codes.ts';
import { RESULT_COLUMNS, RESULT_LIST_COLUMNS, VERIFY_COLUMNS, VERIFY_LIST_COLUMNS } from '../../services/baselines/baseline-result.ts';

export default class BaselinesUpdate extends HsCommand<typeof BaselinesUpdate> {
  static override summary = 'Bring what is usual up to date with what changed since.';
  static override description =
    'An ingest does this by itself; it is needed after the time zone or the recording mode of a camera was changed. With --verify it is compared with a rebuild afterwards: it ends with 1 when they are not the same to the last bit.';
  static override examples = ['<%= config.bin %> baselines update', '<%= config.bin %> baselines update --verify'];
  static override flags = computeFlags;

  async run(): Promise<void> {
    if (this.flags.queue) return this.leaveToWorkers(await import('../../jobs/queue-command.ts'));
    const { computeBaselines, verifyBaselines } = await import('../../jobs/compute-baselines.ts');
    const { columns: wanted, camera: cameras, verify } = this.flags;
    const { settings, signal } = this;
    const format = { wanted, format: listFormat(this.flags), terminal: this.stdout, emptyText: 'no cameras' };
    const choice = { cameras, zones: settings };
    await this.withDatabase(async (database) => {
      const results = await computeBaselines({ ...choice, job: this.jobOf(database, 'baselines update'), how: { kind: 'update' } });
      if (!verify) {
        await printList(results, { columns: recordColumns(RESULT_COLUMNS, RESULT_LIST_COLUMNS), ...format });
        return;
      }
      const found = await verifyBaselines(database.knex, { ...choice, signal });
      if (found.some(({ identical }) => !identical)) this.exitWith(EXIT.bug);
      await printList(found, { columns: recordColumns(VERIFY_COLUMNS, VERIFY_LIST_COLUMNS), ...format });
    });
  }
}
