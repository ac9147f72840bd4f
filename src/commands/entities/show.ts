import { Args } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecords } from '../../cli/print-records.ts';
import { readWords } from '../../cli/read-words.ts';
import { showEntity, type EntityDetails } from '../../services/entities/list-entities.ts';

export default class EntitiesShow extends HsCommand<typeof EntitiesShow> {
  static override summary = 'Show entities with the tracks they were seen in.';
  static override examples = ['<%= config.bin %> entities show 0192f0c1', '<%= config.bin %> entities show "Postman" --json'];
  static override strict = false;
  static override args = {
    entity: Args.string({
      description: 'id, its first digits, or name; several may be given, - reads them from standard input',
      required: true,
    }),
  };

  async run(): Promise<void> {
    const names = await readWords(this.words);
    await this.withDatabase(async ({ knex }) => {
      const records: EntityDetails[] = [];
      for (const name of names) records.push(await showEntity(knex, name, this.settings));
      await printRecords(records, { words: this.words, json: this.flags.json, terminal: this.stdout });
    });
  }
}
