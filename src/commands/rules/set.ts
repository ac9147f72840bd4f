import { Args, Flags } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { CHANGE_COLUMNS } from '../../cli/change-columns.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printList } from '../../cli/print-list.ts';
import { ruleFlags, toRuleChanges } from '../../cli/rule-flags.ts';
import { setRule } from '../../services/rules/change-rules.ts';

export default class RulesSet extends HsCommand<typeof RulesSet> {
  static override summary = 'Change a rule; alerts it raised before stay as they are.';
  static override examples = [
    '<%= config.bin %> rules set Loitering --min-dwell 120 --cooldown 900',
    '<%= config.bin %> rules set Loitering --zones "" --disable',
  ];
  static override args = { rule: Args.string({ description: 'name or id', required: true }) };
  static override flags = { name: Flags.string({ summary: 'Another name.' }), ...ruleFlags };

  async run(): Promise<void> {
    const { name, 'dry-run': dryRun, json } = this.flags;
    const { settings } = this;
    const changes = { name, ...toRuleChanges(this.flags) };
    const options = { rule: this.args.rule, changes, actor: actorName(settings.actor), dryRun, settings };
    const changed = await this.withDatabase(({ knex }) => setRule(knex, options));
    const format = json ? 'json' : 'table';
    await printList(changed, { columns: CHANGE_COLUMNS, format, terminal: this.stdout, emptyText: 'nothing to change' });
    if (dryRun) this.note('nothing was changed');
  }
}
