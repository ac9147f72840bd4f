import { Args } from '@oclif/core';
import { FACTOR_COLUMNS, FILE_COLUMNS, TRACK_COLUMNS, ZONE_COLUMNS } from '../../cli/event-details-columns.ts';
import { toId } from '../../cli/filter-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printList } from '../../cli/print-list.ts';
import { printRecord } from '../../cli/print-record.ts';
import { readWords } from '../../cli/read-words.ts';
import { showEvent, toShownEvent, type EventDetails } from '../../services/events/show-event.ts';

export default class EventsShow extends HsCommand<typeof EventsShow> {
  static override summary = 'Show events with the files, objects and detections they were seen in.';
  static override examples = ['<%= config.bin %> events show 7', '<%= config.bin %> events show 7 8 --json'];
  static override strict = false;
  static override args = {
    event: Args.string({ description: 'id of an event; several may be given, - reads them from standard input', required: true }),
  };

  async run(): Promise<void> {
    const ids = (await readWords(this.words)).map(toId);
    await this.withDatabase(async ({ knex }) => {
      const items: EventDetails[] = [];
      for (const id of ids) {
        const details = await showEvent(knex, id, this.settings);
        if (this.flags.json) items.push(details);
        else await this.printEvent(details);
      }
      if (this.flags.json) await this.printJson({ schema_version: 1, items });
    });
  }

  private async printEvent(details: EventDetails): Promise<void> {
    const { analysis, files, tracks, zones } = details;
    await printRecord(toShownEvent(details), { json: false, terminal: this.stdout });
    const options = { format: 'table', terminal: this.stdout } as const;
    if (analysis?.factors) {
      await this.print('');
      await printList(analysis.factors, { columns: FACTOR_COLUMNS, ...options, emptyText: 'nothing that counts' });
    }
    await this.print('');
    await printList(files, { columns: FILE_COLUMNS, ...options, emptyText: 'no files' });
    if (tracks.length === 0) return;
    await this.print('');
    await printList(tracks, { columns: TRACK_COLUMNS, ...options });
    if (zones.length === 0) return;
    await this.print('');
    await printList(zones, { columns: ZONE_COLUMNS, ...options });
  }
}
