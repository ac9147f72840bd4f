import { Flags } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { LARGEST_INTEGER } from '../../cli/largest-integer.ts';
import { listFlags, listFormat } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { promptContentFlags, toNumber } from '../../cli/prompt-flags.ts';
import { readTextFile } from '../../cli/read-text.ts';
import { readIds } from '../../cli/read-words.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { EXIT } from '../../errors/exit-codes.ts';
import { loadStoredFacts } from '../../services/prompts/load-stored-facts.ts';
import { PROMPT_TEST_COLUMNS, testPrompt, type PromptTestRecord } from '../../services/prompts/test-prompt.ts';

export default class PromptsTest extends HsCommand<typeof PromptsTest> {
  static override summary = 'Judge events again with another text and compare the scores; nothing is stored.';
  static override description =
    'Events are judged by what was known of them when a model was last asked about them. Code 3: the model failed on some; code 5: on all.';
  static override examples = [
    '<%= config.bin %> prompts test --file prompt.txt --last 50',
    '<%= config.bin %> events list --source llm --ids | <%= config.bin %> prompts test --version 2 --events -',
  ];
  static override flags = {
    ...promptContentFlags,
    version: Flags.integer({ summary: 'Version to test; by default the active one.', min: 0, max: LARGEST_INTEGER, exclusive: ['file'] }),
    events: Flags.string({ summary: 'Ids of the events, separated by commas; - reads them from standard input.', helpValue: 'IDS' }),
    last: Flags.integer({ summary: 'Without --events: so many events, the last judged first.', min: 1, max: 10_000, default: 20 }),
    columns: listFlags.columns,
    ndjson: listFlags.ndjson,
    csv: listFlags.csv,
  };

  async run(): Promise<void> {
    const { file, version, last, 'max-tokens': maxTokens } = this.flags;
    const text = file === undefined ? undefined : await readTextFile(file);
    const eventIds = await readIds(this.flags.events);
    const { settings, signal } = this;
    const temperature = toNumber(this.flags.temperature);
    const options = { settings, text, version, temperature, maxTokens, eventIds, last, loadFacts: loadStoredFacts, signal };
    await this.withDatabase(async ({ knex }) => {
      const records: PromptTestRecord[] = [];
      for await (const record of testPrompt(knex, options)) records.push(record);
      const failed = records.filter(({ code }) => code !== null).length;
      if (failed > 0) this.exitWith(failed === records.length ? EXIT.temporary : EXIT.someFailed);
      const columns = recordColumns(PROMPT_TEST_COLUMNS, PROMPT_TEST_COLUMNS);
      await printList(records, { columns, wanted: this.flags.columns, format: listFormat(this.flags), terminal: this.stdout });
    });
  }
}
