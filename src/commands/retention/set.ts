import { Args, Flags } from '@oclif/core';

import { actorName } from '../../cli/actor-name.ts';
import { SettingCommand } from '../../cli/setting-command.ts';
import { writeConfigEdit, type ConfigEdit } from '../../config/edit-config-file.ts';
import type { SettingValue } from '../../config/list-settings.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { applySettingChange } from '../../services/config/apply-setting-change.ts';
import { isDatabaseThere } from '../../services/database/is-database-there.ts';
import { RETENTION_KINDS } from '../../services/retention/retention-kinds.ts';

export default class RetentionSet extends SettingCommand<typeof RetentionSet> {
  static override summary = 'Say how long something is kept.';
  static override description =
    'The same as `hs config set retention.KIND`: the configuration file is changed, and the change recorded in the audit log. Nothing is removed by it: `hs prune --apply` does that.';
  static override examples = ['<%= config.bin %> retention set footage 90d', '<%= config.bin %> retention set logs never'];
  static override args = {
    kind: Args.string({ description: 'what is kept', options: [...RETENTION_KINDS], required: true }),
    age: Args.string({ description: 'an age such as 30d or 8w, or never', required: true }),
  };
  static override flags = {
    'dry-run': Flags.boolean({ summary: 'Say what would change and change nothing.', default: false }),
  };

  async run(): Promise<void> {
    const { kind, age } = this.args;
    await this.change({ key: `retention.${kind}`, value: age, dryRun: this.flags['dry-run'] });
  }

  protected override async write(edit: ConfigEdit, { from, to }: { from: SettingValue; to: SettingValue }): Promise<void> {
    const change = { key: edit.key, from, to, file: edit.path, actor: actorName(this.settings.actor) };
    const problem = await applySettingChange({
      change: () => change,
      apply: () => writeConfigEdit(edit),
      reach: async (use) => {
        if (!(await isDatabaseThere({ home: this.settings.home, ...this.settings.database })))
          throw new UsageError('there is no database yet');
        await this.withDatabase(({ knex }) => use(knex));
      },
    });
    if (problem !== undefined) this.note(`not recorded in the audit log: ${problem}`);
  }
}
