import { Args } from '@oclif/core';
import { plainText } from '../../cli/column.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { kindOfSetting } from '../../config/known-setting.ts';
import { listSettings, type SettingEntry } from '../../config/list-settings.ts';

export default class ConfigGet extends HsCommand<typeof ConfigGet> {
  static override summary = 'Print the value of a setting; nothing for one that is not set.';
  static override description = 'Lists are printed with "; " between their items, structures as JSON, secrets as ***.';
  static override examples = ['<%= config.bin %> config get detector.device', '<%= config.bin %> config get timezone --json'];
  static override args = { key: Args.string({ description: 'key of the setting, such as time.floor', required: true }) };

  async run(): Promise<void> {
    const { key } = this.args;
    kindOfSetting(key);
    const unset: SettingEntry = { key, value: null, origin: 'default', source: null };
    const item = listSettings(this.loaded).find((entry) => entry.key === key) ?? unset;
    if (this.flags.json) await this.printJson({ schema_version: 1, item });
    else await this.print(plainText(item.value));
  }
}
