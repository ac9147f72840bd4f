import { HsCommand } from '../../cli/hs-command.ts';
import { printRecord } from '../../cli/print-record.ts';
import { findConfigPlace } from '../../config/load-settings.ts';

export default class ConfigPath extends HsCommand<typeof ConfigPath> {
  static override summary = 'Print the path of the configuration file in effect.';
  static override description = 'Without one nothing is printed, and a remark says where one is looked for.';
  static override examples = ['<%= config.bin %> config path'];
  static override readonly needsSettings = false;

  async run(): Promise<void> {
    const { path, candidates } = findConfigPlace(this.settingSources());
    if (this.flags.json) await printRecord({ path, candidates }, { json: true, terminal: this.stdout });
    else if (path === undefined) this.note(`no configuration file is in effect; it would be read from ${candidates.join(' or ')}`);
    else await this.print(path);
  }
}
