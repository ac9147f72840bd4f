import { Args } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecords } from '../../cli/print-records.ts';
import { readWords } from '../../cli/read-words.ts';
import { showAlerts } from '../../services/alerts/list-alerts.ts';

export default class AlertsShow extends HsCommand<typeof AlertsShow> {
  static override summary = 'Show alerts with why they were raised and how telling of them went.';
  static override examples = [
    '<%= config.bin %> alerts show 01b2c3d4-…',
    '<%= config.bin %> alerts list --ids | <%= config.bin %> alerts show -',
  ];
  static override strict = false;
  static override args = {
    alert: Args.string({ description: 'id of an alert; several may be given, - reads them from standard input', required: true }),
  };

  async run(): Promise<void> {
    const ids = await readWords(this.words);
    const records = await this.withDatabase(({ knex }) => showAlerts(knex, ids, this.settings));
    await printRecords(records, { words: this.words, json: this.flags.json, terminal: this.stdout });
  }
}
