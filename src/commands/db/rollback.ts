import { Flags } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { rollBackDatabase } from '../../services/database/change-schema.ts';

export default class DbRollback extends HsCommand<typeof DbRollback> {
  static override summary = 'Take back the newest migration and everything that its tables and columns hold.';
  static override description = 'The local database is migrated again by the next command.';
  static override examples = ['<%= config.bin %> db rollback --yes'];
  static override flags = {
    all: Flags.boolean({ summary: 'All migrations: nothing of hs is left in the database.' }),
    yes: Flags.boolean({ summary: 'Really do it.' }),
  };

  async run(): Promise<void> {
    const { all, yes: confirmed } = this.flags;
    const undone = await this.withDatabase((database) => rollBackDatabase(database, { all, confirmed }), { migrate: 'none' });
    if (this.flags.json) await this.printJson({ schema_version: 1, item: { undone } });
    else await this.print(undone.length === 0 ? 'there is nothing to take back' : undone.map((name) => `took back ${name}`).join('\n'));
  }
}
