import { Args, Flags } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { CHANGE_COLUMNS } from '../../cli/change-columns.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printList } from '../../cli/print-list.ts';
import { readWords } from '../../cli/read-words.ts';
import { planConfigEdit, writeConfigEdit, type ConfigEdit } from '../../config/edit-config-file.ts';
import { maskSetting, type SettingValue } from '../../config/list-settings.ts';
import { findConfigPlace } from '../../config/load-settings.ts';
import { findVariable } from '../../config/read-variables.ts';
import { HsError, UsageError } from '../../errors/hs-error.ts';
import { recordSettingChange } from '../../services/config/record-setting-change.ts';
import { isDatabaseThere } from '../../services/database/is-database-there.ts';

export default class ConfigSet extends HsCommand<typeof ConfigSet> {
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
    const { 'dry-run': dryRun, json } = this.flags;
    const { path, newPath } = findConfigPlace(this.settingSources());
    const edit = planConfigEdit({ path: path ?? newPath, key: this.args.key, value: await this.value() });
    const change = { column: edit.key, from: maskSetting(edit.key, edit.from), to: maskSetting(edit.key, edit.to) };
    const isChanged = edit.after !== edit.before;
    if (isChanged && !dryRun) await this.write(edit, change);
    const options = { columns: CHANGE_COLUMNS, format: json ? 'json' : 'table', terminal: this.stdout } as const;
    await printList(isChanged ? [change] : [], { ...options, emptyText: 'nothing to change' });
    const variable = findVariable(process.env, edit.key);
    if (variable !== undefined) this.note(`variable ${variable} is set and beats the file`);
    if (dryRun) this.note('nothing was changed');
    else if (isChanged) this.note(`written to ${edit.path}`);
  }

  private async value(): Promise<string | undefined> {
    const { value } = this.args;
    if (this.flags.unset === (value !== undefined)) throw new UsageError('give either a value or --unset');
    return value === undefined ? undefined : (await readWords([value])).join('\n');
  }

  /** Writes the file and its audit row as one act; where no database can be reached just the file, and says so. */
  private async write(edit: ConfigEdit, { from, to }: { from: SettingValue; to: SettingValue }): Promise<void> {
    const apply = (): Promise<void> => writeConfigEdit(edit);
    const database = { isReached: false };
    try {
      await this.loadSettings();
      if (!(await isDatabaseThere({ home: this.settings.home, ...this.settings.database })))
        throw new UsageError('there is no database yet');
      await this.withDatabase(({ knex }) => {
        database.isReached = true;
        const change = { key: edit.key, from, to, file: edit.path, actor: actorName(this.settings.actor) };
        return recordSettingChange(knex, change, apply);
      });
    } catch (error) {
      if (database.isReached || !(error instanceof HsError)) throw error;
      await apply();
      this.note(`not recorded in the audit log: ${error.message}`);
    }
  }
}
