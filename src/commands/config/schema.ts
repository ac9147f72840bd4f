import { HsCommand } from '../../cli/hs-command.ts';
import { settingsSchema } from '../../config/settings-schema.ts';

export default class ConfigSchema extends HsCommand<typeof ConfigSchema> {
  static override summary = 'Print the JSON Schema of the configuration file, for editors.';
  static override examples = ['<%= config.bin %> config schema > hs.schema.json'];
  static override readonly needsSettings = false;

  async run(): Promise<void> {
    await this.printJson(settingsSchema());
  }
}
