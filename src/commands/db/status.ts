import { HsCommand } from '../../cli/hs-command.ts';
import { printRecord } from '../../cli/print-record.ts';
import { showDatabase } from '../../services/database/show-database.ts';

export default class DbStatus extends HsCommand<typeof DbStatus> {
  static override summary = 'Show which database is used, whether it runs and how far its schema is.';
  static override examples = ['<%= config.bin %> db status --json'];

  async run(): Promise<void> {
    const { home, database } = this.settings;
    await printRecord(await showDatabase({ home, ...database }), { json: this.flags.json, terminal: this.stdout });
  }
}
