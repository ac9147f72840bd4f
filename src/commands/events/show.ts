import { Args } from '@oclif/core';
import type { Column } from '../../cli/column.ts';
import { toId } from '../../cli/filter-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printList } from '../../cli/print-list.ts';
import { printRecord } from '../../cli/print-record.ts';
import { readWords } from '../../cli/read-words.ts';
import { anomalyText } from '../../services/events/anomaly-text.ts';
import { showEvent, type EventDetails } from '../../services/events/show-event.ts';

type EventFile = EventDetails['files'][number];
type EventTrack = EventDetails['tracks'][number];
type EventZone = EventDetails['zones'][number];

const FILE_COLUMNS: Column<EventFile>[] = [
  { key: 'file', value: (file) => file.media_file_id },
  { key: 'from', value: (file) => file.first_offset_ms, format: (file) => offsetText(file.first_offset_ms) },
  { key: 'to', value: (file) => file.last_offset_ms, format: (file) => offsetText(file.last_offset_ms) },
  { key: 'detections', value: (file) => file.detection_count },
  { key: 'path', value: (file) => file.path },
];

const TRACK_COLUMNS: Column<EventTrack>[] = [
  { key: 'track', value: (track) => track.id },
  { key: 'class', value: (track) => track.object_class },
  { key: 'first_seen', value: (track) => track.first_seen_local },
  { key: 'last_seen', value: (track) => track.last_seen_local },
  { key: 'detections', value: (track) => track.detections_in_event },
  { key: 'max_confidence', value: (track) => track.max_score },
];

const ZONE_COLUMNS: Column<EventZone>[] = [
  { key: 'zone', value: (stay) => stay.zone, format: (stay) => (stay.zone_suspect ? `${stay.zone} (view has changed)` : stay.zone) },
  { key: 'track', value: (stay) => stay.track_id },
  { key: 'class', value: (stay) => stay.object_class },
  { key: 'entered', value: (stay) => stay.entered_at_local },
  { key: 'left', value: (stay) => stay.left_at_local },
  { key: 'visits', value: (stay) => stay.visits.length },
  { key: 'dwell_s', value: (stay) => stay.dwell_s },
];

function offsetText(offsetMs: number | null): string {
  return offsetMs === null ? '' : `${(offsetMs / 1000).toFixed(3)} s`;
}

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

  private async printEvent({ event, anomaly_basis, files, tracks, zones }: EventDetails): Promise<void> {
    const shown = { ...event, anomaly: anomalyText(event.anomaly, anomaly_basis), anomaly_level: null };
    await printRecord(shown, { json: false, terminal: this.stdout });
    const options = { format: 'table', terminal: this.stdout } as const;
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
