import { Flags } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { stopLocalServer } from '../../services/database/local-server.ts';

export default class DbStop extends HsCommand<typeof DbStop> {
  static override summary = 'Stop the local database server.';
  static override examples = ['<%= config.bin %> db stop'];
  static override flags = {
    force: Flags.boolean({ summary: 'Also while other commands use it; what they have not finished is rolled back.' }),
  };

  async run(): Promise<void> {
    const { home, database } = this.settings;
    const stopped = await stopLocalServer({ home, ...database }, { force: this.flags.force });
    if (this.flags.json) await this.printJson({ schema_version: 1, item: { stopped } });
    else await this.print(stopped ? 'the local database is stopped' : 'the local database did not run');
  }
}
