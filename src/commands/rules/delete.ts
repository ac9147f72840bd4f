import { Args } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { assertConfirmed, confirmFlags } from '../../cli/confirm-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { deleteRule } from '../../services/rules/change-rules.ts';

export default class RulesDelete extends HsCommand<typeof RulesDelete> {
  static override summary = 'Delete a rule; its alerts stay.';
  static override examples = ['<%= config.bin %> rules delete Loitering --yes'];
  static override args = { rule: Args.string({ description: 'name or id', required: true }) };
  static override flags = confirmFlags;

  async run(): Promise<void> {
    assertConfirmed(this.flags, 'deleting a rule');
    const { 'dry-run': dryRun, json } = this.flags;
    const options = { rule: this.args.rule, actor: actorName(this.settings.actor), dryRun };
    const deleted = await this.withDatabase(({ knex }) => deleteRule(knex, options));
    if (json) await this.printJson({ schema_version: 1, item: deleted });
    else await this.print(`rule ${deleted.name} ${dryRun ? 'would be deleted' : 'deleted'}`);
  }
}
