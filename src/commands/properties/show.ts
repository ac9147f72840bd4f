import { Args } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecords } from '../../cli/print-records.ts';
import { readWords } from '../../cli/read-words.ts';
import { showProperty, type PropertyDetails } from '../../services/properties/show-property.ts';

export default class PropertiesShow extends HsCommand<typeof PropertiesShow> {
  static override summary = 'Show properties with their cameras and areas.';
  static override examples = ['<%= config.bin %> properties show Home'];
  static override strict = false;
  static override args = {
    property: Args.string({ description: 'name or id; several may be given, - reads them from standard input', required: true }),
  };

  async run(): Promise<void> {
    const names = await readWords(this.words);
    await this.withDatabase(async ({ knex }) => {
      const records: PropertyDetails[] = [];
      for (const name of names) records.push(await showProperty(knex, name));
      await printRecords(records, { words: this.words, json: this.flags.json, terminal: this.stdout });
    });
  }
}
