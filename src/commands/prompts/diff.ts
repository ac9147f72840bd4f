import { HsCommand } from '../../cli/hs-command.ts';
import { promptModelArg, versionArg } from '../../cli/prompt-flags.ts';
import { visibleText } from '../../cli/visible-text.ts';
import { diffPrompts } from '../../services/prompts/list-prompts.ts';

const STYLE = { ' ': 'reset', '-': 'red', '+': 'green' } as const;

export default class PromptsDiff extends HsCommand<typeof PromptsDiff> {
  static override summary = 'Show how two versions of what a model is asked with differ.';
  static override examples = ['<%= config.bin %> prompts diff nemotron 1', '<%= config.bin %> prompts diff nemotron 1 3'];
  static override args = {
    model: promptModelArg,
    from: versionArg({ description: 'older version; 0 is the text that comes with hs', required: true }),
    to: versionArg({ description: 'newer version; by default the active one' }),
  };

  async run(): Promise<void> {
    const { model, from, to } = this.args;
    const lines = await this.withDatabase(({ knex }) => diffPrompts(knex, model, { from, to }));
    if (this.flags.json) return this.printJson({ schema_version: 1, items: lines });
    if (lines.length === 0) return this.print('no difference');
    await this.print(lines.map(({ op, line }) => this.stdout.style(STYLE[op], `${op} ${visibleText(line)}`)).join('\n'));
  }
}
