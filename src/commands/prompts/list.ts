import { HsCommand } from '../../cli/hs-command.ts';
import { listFlags, listFormat } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { listPrompts } from '../../services/prompts/list-prompts.ts';
import { PROMPT_COLUMNS, PROMPT_LIST_COLUMNS } from '../../services/prompts/prompt-record.ts';

export default class PromptsList extends HsCommand<typeof PromptsList> {
  static override summary = 'List what each model is asked with now.';
  static override description = 'Version 0 is the text that comes with hs.';
  static override examples = ['<%= config.bin %> prompts list'];
  static override flags = { columns: listFlags.columns, ndjson: listFlags.ndjson, csv: listFlags.csv, ids: listFlags.ids };

  async run(): Promise<void> {
    const prompts = await this.withDatabase(({ knex }) => listPrompts(knex));
    const columns = recordColumns(PROMPT_COLUMNS, PROMPT_LIST_COLUMNS);
    await printList(prompts, { columns, wanted: this.flags.columns, format: listFormat(this.flags), terminal: this.stdout });
  }
}
