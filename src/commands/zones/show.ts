import { Args } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecords } from '../../cli/print-records.ts';
import { readWords } from '../../cli/read-words.ts';
import { zoneCameraFlag } from '../../cli/zone-flags.ts';
import { showZone } from '../../services/zones/list-zones.ts';
import type { ZoneRecord } from '../../services/zones/zone-record.ts';

export default class ZonesShow extends HsCommand<typeof ZonesShow> {
  static override summary = 'Show zones with their corners and rules.';
  static override examples = ['<%= config.bin %> zones show Porch'];
  static override strict = false;
  static override args = {
    zone: Args.string({ description: 'name or id; several may be given, - reads them from standard input', required: true }),
  };
  static override flags = { camera: zoneCameraFlag };

  async run(): Promise<void> {
    const names = await readWords(this.words);
    await this.withDatabase(async ({ knex }) => {
      const records: ZoneRecord[] = [];
      for (const zone of names) records.push(await showZone(knex, { zone, camera: this.flags.camera }));
      await printRecords(records, { words: this.words, json: this.flags.json, terminal: this.stdout });
    });
  }
}
