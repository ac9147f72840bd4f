import { HsCommand } from '../../cli/hs-command.ts';
import { listFlags, listFormat, parseSort } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { MODEL_COLUMNS, MODEL_LIST_COLUMNS, MODEL_SORT_FIELDS, modelRecords, sortModels } from '../../services/models/model-record.ts';
import { openStore } from '../../services/models/open-store.ts';

export default class ModelsList extends HsCommand<typeof ModelsList> {
  static override summary = 'List models: installed ones and those there are cards for.';
  static override description =
    'Most preferred first; `used` marks the detector that an ingest takes and the embedding model that people are recognised by. Without any installed detector the built-in motion detector does the work.';
  static override examples = ['<%= config.bin %> models list', '<%= config.bin %> models list --columns id,status,sha256'];
  static override flags = {
    sort: listFlags.sort,
    columns: listFlags.columns,
    ndjson: listFlags.ndjson,
    csv: listFlags.csv,
    ids: listFlags.ids,
  };

  async run(): Promise<void> {
    const sort =
      this.flags.sort === undefined ? undefined : parseSort(this.flags.sort, MODEL_SORT_FIELDS, { field: 'id', descending: false });
    const models = sortModels(await modelRecords(openStore(this.settings.home), this.settings.detector.model), sort);
    const columns = recordColumns(MODEL_COLUMNS, MODEL_LIST_COLUMNS);
    await printList(models, { columns, wanted: this.flags.columns, format: listFormat(this.flags), terminal: this.stdout });
  }
}
