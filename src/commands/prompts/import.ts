import { Args } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import type { Column } from '../../cli/column.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printList } from '../../cli/print-list.ts';
import { dryRunFlag } from '../../cli/prompt-flags.ts';
import { readTextFile } from '../../cli/read-text.ts';
import { importPrompts, type ImportedPrompt } from '../../services/prompts/prompt-file.ts';

const COLUMNS: Column<ImportedPrompt>[] = (['model', 'result', 'version'] as const).map((key) => ({ key, value: (row) => row[key] }));

export default class PromptsImport extends HsCommand<typeof PromptsImport> {
  static override summary = 'Take what models are asked with from a JSON file, all of it or nothing.';
  static override description =
    'The file is one that `hs prompts export` wrote. Each model whose content differs gets a new version; models that are not known are skipped.';
  static override examples = ['<%= config.bin %> prompts import prompts.json --dry-run'];
  static override args = { file: Args.string({ description: 'file to read, - for standard input', required: true }) };
  static override flags = { 'dry-run': dryRunFlag };

  async run(): Promise<void> {
    const { 'dry-run': dryRun, json } = this.flags;
    const options = { text: await readTextFile(this.args.file), actor: actorName(this.settings.actor), dryRun };
    const imported = await this.withDatabase(({ knex }) => importPrompts(knex, options));
    const format = json ? 'json' : 'table';
    await printList(imported, { columns: COLUMNS, format, terminal: this.stdout, emptyText: 'no prompts in the file' });
    if (dryRun) this.note('nothing was changed');
  }
}
