import { HsCommand } from '../../cli/hs-command.ts';
import { listFlags, listFormat } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { promptModelArg } from '../../cli/prompt-flags.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { listPromptHistory } from '../../services/prompts/list-prompts.ts';
import { PROMPT_COLUMNS, PROMPT_HISTORY_COLUMNS } from '../../services/prompts/prompt-record.ts';

export default class PromptsHistory extends HsCommand<typeof PromptsHistory> {
  static override summary = 'List every version of what a model was asked with, newest first.';
  static override examples = ['<%= config.bin %> prompts history nemotron'];
  static override args = { model: promptModelArg };
  static override flags = { limit: listFlags.limit, columns: listFlags.columns, ndjson: listFlags.ndjson, csv: listFlags.csv };

  async run(): Promise<void> {
    const history = await this.withDatabase(({ knex }) => listPromptHistory(knex, this.args.model, this.flags.limit));
    const columns = recordColumns(PROMPT_COLUMNS, PROMPT_HISTORY_COLUMNS);
    const format = listFormat(this.flags);
    await printList(history, { columns, wanted: this.flags.columns, format, terminal: this.stdout, emptyText: 'no versions' });
  }
}
