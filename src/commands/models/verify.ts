import { Args } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { listFlags, listFormat } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { readWords } from '../../cli/read-words.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { EXIT } from '../../errors/exit-codes.ts';
import { openStore } from '../../services/models/open-store.ts';
import { VERIFY_COLUMNS, verifyModels } from '../../services/models/verify-models.ts';

export default class ModelsVerify extends HsCommand<typeof ModelsVerify> {
  static override summary = 'Check installed models against the sha256 on their cards; exits with 3 when one is wrong.';
  static override examples = ['<%= config.bin %> models verify', '<%= config.bin %> models verify yolox_nano'];
  static override strict = false;
  static override args = {
    model: Args.string({ description: 'id of an installed model; several may be given, - reads them from standard input, none means all' }),
  };
  static override flags = { columns: listFlags.columns, ndjson: listFlags.ndjson, csv: listFlags.csv, ids: listFlags.ids };

  async run(): Promise<void> {
    const results = await verifyModels(openStore(this.settings.home), await readWords(this.words), this.signal);
    if (results.some(({ ok }) => !ok)) this.exitWith(EXIT.someFailed);
    const columns = recordColumns(VERIFY_COLUMNS, VERIFY_COLUMNS);
    const format = listFormat(this.flags);
    await printList(results, { columns, wanted: this.flags.columns, format, terminal: this.stdout, emptyText: 'no model is installed' });
  }
}
