import { Flags } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { LARGEST_INTEGER } from '../../cli/largest-integer.ts';
import { printRecord } from '../../cli/print-record.ts';
import { promptModelArg } from '../../cli/prompt-flags.ts';
import { visibleText } from '../../cli/visible-text.ts';
import { showPrompt } from '../../services/prompts/list-prompts.ts';

export default class PromptsShow extends HsCommand<typeof PromptsShow> {
  static override summary = 'Show what a model is asked with.';
  static override examples = [
    '<%= config.bin %> prompts show nemotron',
    '<%= config.bin %> prompts show nemotron --version 2 --text > v2.txt',
  ];
  static override args = { model: promptModelArg };
  static override flags = {
    version: Flags.integer({ summary: 'Version to show; by default the active one.', min: 0, max: LARGEST_INTEGER }),
    text: Flags.boolean({ summary: 'Only the text, as `hs prompts set --file` takes it.', default: false, exclusive: ['json'] }),
  };

  async run(): Promise<void> {
    const { version, text, json } = this.flags;
    const { system_prompt: prompt, ...record } = await this.withDatabase(({ knex }) => showPrompt(knex, this.args.model, version));
    if (json) return printRecord({ ...record, system_prompt: prompt }, { json, terminal: this.stdout });
    if (!text) {
      await printRecord(record, { json, terminal: this.stdout });
      await this.print('');
    }
    const lines = typeof prompt === 'string' ? prompt.split('\n') : [];
    await this.print(lines.map((line) => (text && !this.stdout.isInteractive ? line : visibleText(line))).join('\n'));
  }
}
