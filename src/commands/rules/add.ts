import { Args } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecord } from '../../cli/print-record.ts';
import { ruleFlags, toRuleChanges } from '../../cli/rule-flags.ts';
import { addRule } from '../../services/rules/change-rules.ts';

export default class RulesAdd extends HsCommand<typeof RulesAdd> {
  static override summary = 'Add a rule that raises alerts: everything it asks for must hold.';
  static override description =
    'Classes, score, zones, dwell and trust must hold for one and the same detection. A rule that asks for nothing matches every event. ' +
    '`hs rules test` says what it would have done.';
  static override examples = [
    '<%= config.bin %> rules add "Night at the door" --types person --zones Porch --schedule "22:00-06:00" --severity high',
    '<%= config.bin %> rules add Loitering --types person --trust unknown,untrusted --min-dwell 60 --threshold 45',
  ];
  static override args = { name: Args.string({ description: 'name of the rule', required: true }) };
  static override flags = ruleFlags;

  async run(): Promise<void> {
    const { 'dry-run': dryRun, json } = this.flags;
    const { settings } = this;
    const options = { name: this.args.name, changes: toRuleChanges(this.flags), actor: actorName(settings.actor), dryRun, settings };
    const rule = await this.withDatabase(({ knex }) => addRule(knex, options));
    this.note(`rule ${options.name} ${dryRun ? 'would be added' : 'added'}`);
    await printRecord(rule, { json, terminal: this.stdout });
  }
}
