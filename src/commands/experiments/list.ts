import { HsCommand } from '../../cli/hs-command.ts';
import { listFlags, listFormat } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { EXPERIMENT_COLUMNS } from '../../services/experiments/experiment-record.ts';
import { listExperiments } from '../../services/experiments/report-experiment.ts';

export default class ExperimentsList extends HsCommand<typeof ExperimentsList> {
  static override summary = 'List experiments with prompts, latest first. Times are UTC.';
  static override examples = ['<%= config.bin %> experiments list'];
  static override flags = { columns: listFlags.columns, ndjson: listFlags.ndjson, csv: listFlags.csv, ids: listFlags.ids };

  async run(): Promise<void> {
    const experiments = await this.withDatabase(({ knex }) => listExperiments(knex));
    const columns = recordColumns(EXPERIMENT_COLUMNS, EXPERIMENT_COLUMNS);
    const format = listFormat(this.flags);
    await printList(experiments, { columns, wanted: this.flags.columns, format, terminal: this.stdout, emptyText: 'no experiments' });
  }
}
