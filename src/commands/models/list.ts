import { HsCommand } from '../../cli/hs-command.ts';
import { listFlags, listFormat } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { MODEL_COLUMNS, MODEL_LIST_COLUMNS, modelRecords } from '../../services/models/model-record.ts';
import { openStore } from '../../services/models/open-store.ts';

export default class ModelsList extends HsCommand<typeof ModelsList> {
  static override summary = 'List detector models: installed ones and those there are cards for.';
  static override description =
    'Most preferred first; `used` marks the one an ingest takes. Without any installed model the built-in motion detector does the work.';
  static override examples = ['<%= config.bin %> models list', '<%= config.bin %> models list --columns id,status,sha256'];
  static override flags = { columns: listFlags.columns, ndjson: listFlags.ndjson, csv: listFlags.csv, ids: listFlags.ids };

  async run(): Promise<void> {
    const models = await modelRecords(openStore(this.settings.home), this.settings.detector.model);
    const columns = recordColumns(MODEL_COLUMNS, MODEL_LIST_COLUMNS);
    await printList(models, { columns, wanted: this.flags.columns, format: listFormat(this.flags), terminal: this.stdout });
  }
}
