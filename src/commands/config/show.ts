import { choiceFlag, toChoices } from '../../cli/choice-flag.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { listFlags, listFormat } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { listSettings, SETTING_ORIGINS } from '../../config/list-settings.ts';

const COLUMNS = ['key', 'value', 'origin', 'source'] as const;

export default class ConfigShow extends HsCommand<typeof ConfigShow> {
  static override summary = 'Show the settings in force and where each comes from: flag, env, file or default.';
  static override description =
    'A flag beats an HS_… variable, a variable beats the file, the file beats the default. Secrets are shown as ***.';
  static override examples = ['<%= config.bin %> config show', '<%= config.bin %> config show --origin file,env --json'];
  static override flags = {
    columns: listFlags.columns,
    ndjson: listFlags.ndjson,
    csv: listFlags.csv,
    ids: listFlags.ids,
    origin: choiceFlag(SETTING_ORIGINS, 'Only settings from there.'),
  };

  async run(): Promise<void> {
    const { columns: wanted } = this.flags;
    const origins = toChoices('origin', this.flags.origin, SETTING_ORIGINS);
    const entries = listSettings(this.loaded).filter(({ origin }) => origins?.includes(origin) ?? true);
    const columns = recordColumns(COLUMNS, COLUMNS);
    await printList(entries, { columns, wanted, format: listFormat(this.flags), terminal: this.stdout, emptyText: 'no settings' });
    if (this.loaded.configFile === undefined)
      this.note('no configuration file is in effect; `hs config path` says where one is looked for');
  }
}
