import { Flags } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { editText } from '../../cli/edit-text.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printPromptOutcome } from '../../cli/prompt-text.ts';
import { dryRunFlag, expectFlag, promptContentFlags, promptModelArg, toNumber } from '../../cli/prompt-flags.ts';
import { readTextFile } from '../../cli/read-text.ts';
import { setPrompt } from '../../services/prompts/change-prompts.ts';
import { editableText } from '../../services/prompts/list-prompts.ts';

export default class PromptsSet extends HsCommand<typeof PromptsSet> {
  static override summary = 'Ask a model with another text from now on; the old one stays in the history.';
  static override description =
    'Without a file and numbers the text is opened in $EDITOR. What is not given stays as it is. The text that is active already makes no new version.';
  static override examples = [
    '<%= config.bin %> prompts set nemotron --file prompt.txt --message "shorter"',
    '<%= config.bin %> prompts set nemotron --temperature 0.2 --expect 3',
    'echo \'{"queries": ["What is the person doing?"]}\' | <%= config.bin %> prompts set florence-2 --file -',
  ];
  static override args = { model: promptModelArg };
  static override flags = {
    ...promptContentFlags,
    expect: expectFlag,
    message: Flags.string({ summary: 'What this version is for.', helpValue: 'TEXT' }),
    'dry-run': dryRunFlag,
  };

  async run(): Promise<void> {
    const { expect, message: description, 'max-tokens': maxTokens, 'dry-run': dryRun, json } = this.flags;
    const temperature = toNumber(this.flags.temperature);
    await this.withDatabase(async ({ knex }) => {
      const edited = async (): Promise<string> => editText(await editableText(knex, this.args.model), 'prompt.txt');
      const text = await this.text(edited, temperature !== undefined || maxTokens !== undefined);
      const actor = actorName(this.settings.actor);
      const options = { model: this.args.model, text, temperature, maxTokens, expect, description, actor, dryRun };
      await printPromptOutcome(await setPrompt(knex, options), {
        json,
        dryRun,
        terminal: this.stdout,
        note: (line) => {
          this.note(line);
        },
      });
    });
  }

  private async text(edited: () => Promise<string>, hasNumbers: boolean): Promise<string | undefined> {
    if (this.flags.file !== undefined) return readTextFile(this.flags.file);
    return !hasNumbers && process.stdin.isTTY && this.stdout.isInteractive ? edited() : undefined;
  }
}
