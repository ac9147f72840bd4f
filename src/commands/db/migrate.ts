import { HsCommand } from '../../cli/hs-command.ts';
import { migrateDatabase } from '../../services/database/change-schema.ts';

export default class DbMigrate extends HsCommand<typeof DbMigrate> {
  static override summary = 'Bring the schema of the database up to this version.';
  static override description = 'The local database is migrated by any command; a PostgreSQL server only by this one.';
  static override examples = ['<%= config.bin %> db migrate --db postgres://hs@db.example/hs'];

  async run(): Promise<void> {
    const applied = await this.withDatabase(migrateDatabase, { migrate: 'none' });
    if (this.flags.json) await this.printJson({ schema_version: 1, item: { applied } });
    else await this.print(applied.length === 0 ? 'the schema is up to date' : applied.map((name) => `applied ${name}`).join('\n'));
  }
}
