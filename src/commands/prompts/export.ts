import { Flags } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { exportPrompts } from '../../services/prompts/prompt-file.ts';

export default class PromptsExport extends HsCommand<typeof PromptsExport> {
  static override summary = 'Write what the models are asked with as JSON that `hs prompts import` reads.';
  static override examples = ['<%= config.bin %> prompts export --out prompts.json', '<%= config.bin %> prompts export > prompts.json'];
  static override flags = { out: Flags.string({ summary: 'File to write; standard output without it, or with -.', helpValue: 'FILE' }) };

  async run(): Promise<void> {
    const options = { out: this.flags.out, folder: process.cwd(), at: new Date() };
    const { text, count, path } = await this.withDatabase(({ knex }) => exportPrompts(knex, options));
    if (path === undefined) await this.print(text);
    else this.note(`${String(count)} ${count === 1 ? 'prompt' : 'prompts'} written to ${path}`);
  }
}
