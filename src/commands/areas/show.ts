import { Args } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecords } from '../../cli/print-records.ts';
import { readWords } from '../../cli/read-words.ts';
import type { AreaRecord } from '../../services/areas/area-record.ts';
import { showArea } from '../../services/areas/show-area.ts';

export default class AreasShow extends HsCommand<typeof AreasShow> {
  static override summary = 'Show areas with their cameras.';
  static override examples = ['<%= config.bin %> areas show Garage'];
  static override strict = false;
  static override args = {
    area: Args.string({ description: 'name or id; several may be given, - reads them from standard input', required: true }),
  };

  async run(): Promise<void> {
    const names = await readWords(this.words);
    await this.withDatabase(async ({ knex }) => {
      const records: AreaRecord[] = [];
      for (const name of names) records.push(await showArea(knex, name));
      await printRecords(records, { words: this.words, json: this.flags.json, terminal: this.stdout });
    });
  }
}
