import { Args, Flags } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { readWords } from '../../cli/read-words.ts';
import { SettingCommand } from '../../cli/setting-command.ts';
import { writeConfigEdit, type ConfigEdit } from '../../config/edit-config-file.ts';
import type { SettingValue } from '../../config/list-settings.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { applySettingChange } from '../../services/config/apply-setting-change.ts';
import { isDatabaseThere } from '../../services/database/is-database-there.ts';

export default class ConfigSet extends SettingCommand<typeof ConfigSet> {
  static override summary = 'Change a setting in the configuration file; comments and everything else stay.';
  static override description =
    'The file is the one in effect, else that of --config, else config.yaml in the home of hs. It is checked as a whole before it is written, readable by its owner only, and the change is recorded in the audit log where a database is reachable. Lists are separated by commas; a list of structures is given as YAML.';
  static override examples = [
    '<%= config.bin %> config set timezone Europe/Berlin',
    '<%= config.bin %> config set cameras.gate.clock_offset_s -- -240',
    '<%= config.bin %> config set detector.model --unset',
    'cat url | <%= config.bin %> config set database.url -',
  ];
  static override args = {
    key: Args.string({ description: 'key of the setting, such as time.floor', required: true }),
    value: Args.string({ description: 'its value; - reads it from standard input' }),
  };
  static override flags = {
    unset: Flags.boolean({ summary: 'Take the key out of the file, so that the default holds.', default: false }),
    'dry-run': Flags.boolean({ summary: 'Say what would change and change nothing.', default: false }),
  };
  static override readonly needsSettings = false;

  async run(): Promise<void> {
    await this.change({ key: this.args.key, value: await this.value(), dryRun: this.flags['dry-run'] });
  }

  private async value(): Promise<string | undefined> {
    const { value } = this.args;
    if (this.flags.unset === (value !== undefined)) throw new UsageError('give either a value or --unset');
    return value === undefined ? undefined : (await readWords([value])).join('\n');
  }

  protected override async write(edit: ConfigEdit, { from, to }: { from: SettingValue; to: SettingValue }): Promise<void> {
    const problem = await applySettingChange({
      change: () => ({ key: edit.key, from, to, file: edit.path, actor: actorName(this.settings.actor) }),
      apply: () => writeConfigEdit(edit),
      reach: async (use) => {
        await this.loadSettings();
        if (!(await isDatabaseThere({ home: this.settings.home, ...this.settings.database })))
          throw new UsageError('there is no database yet');
        await this.withDatabase(({ knex }) => use(knex));
      },
    });
    if (problem !== undefined) this.note(`not recorded in the audit log: ${problem}`);
  }
}
