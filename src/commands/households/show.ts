import { Args } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecords } from '../../cli/print-records.ts';
import { readWords } from '../../cli/read-words.ts';
import { showHousehold, type HouseholdDetails } from '../../services/households/list-households.ts';

export default class HouseholdsShow extends HsCommand<typeof HouseholdsShow> {
  static override summary = 'Show households with their members and vehicles.';
  static override examples = ['<%= config.bin %> households show Home'];
  static override strict = false;
  static override args = {
    household: Args.string({ description: 'name or id; several may be given, - reads them from standard input', required: true }),
  };

  async run(): Promise<void> {
    const names = await readWords(this.words);
    await this.withDatabase(async ({ knex }) => {
      const records: HouseholdDetails[] = [];
      for (const name of names) records.push(await showHousehold(knex, name));
      await printRecords(records, { words: this.words, json: this.flags.json, terminal: this.stdout });
    });
  }
}
