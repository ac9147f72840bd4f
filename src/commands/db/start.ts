import { Flags } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { startLocalServer } from '../../services/database/local-server.ts';

export default class DbStart extends HsCommand<typeof DbStart> {
  static override summary = 'Start the local database server.';
  static override description =
    'Commands start it themselves and the last one that ends stops it. With --keep it runs until `hs db stop`, which saves each command a moment.';
  static override examples = ['<%= config.bin %> db start --keep'];
  static override flags = { keep: Flags.boolean({ summary: 'Leave it running until `hs db stop`.' }) };

  async run(): Promise<void> {
    const { home, database } = this.settings;
    const started = await startLocalServer({ home, ...database }, { keep: this.flags.keep });
    if (this.flags.json) await this.printJson({ schema_version: 1, item: started });
    else await this.print(`${started.target} runs ${started.kept ? 'until `hs db stop`' : 'until the next command ends'}`);
  }
}
