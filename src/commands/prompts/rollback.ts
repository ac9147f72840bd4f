import { actorName } from '../../cli/actor-name.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { dryRunFlag, expectFlag, promptModelArg, versionArg } from '../../cli/prompt-flags.ts';
import { printPromptOutcome } from '../../cli/prompt-text.ts';
import { rollBack } from '../../services/prompts/change-prompts.ts';

export default class PromptsRollback extends HsCommand<typeof PromptsRollback> {
  static override summary = 'Ask a model with the text of an old version again; it becomes a new version.';
  static override examples = ['<%= config.bin %> prompts rollback nemotron 2', '<%= config.bin %> prompts rollback nemotron 0'];
  static override args = {
    model: promptModelArg,
    version: versionArg({ description: 'version to go back to; 0 is the text that comes with hs', required: true }),
  };
  static override flags = { expect: expectFlag, 'dry-run': dryRunFlag };

  async run(): Promise<void> {
    const { expect, 'dry-run': dryRun, json } = this.flags;
    const options = { ...this.args, expect, actor: actorName(this.settings.actor), dryRun };
    const outcome = await this.withDatabase(({ knex }) => rollBack(knex, options));
    const note = (line: string): void => {
      this.note(line);
    };
    await printPromptOutcome(outcome, { json, dryRun, terminal: this.stdout, note });
  }
}
