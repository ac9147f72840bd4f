import { Args, Flags } from '@oclif/core';

import { actorName } from '../../cli/actor-name.ts';
import { toId } from '../../cli/filter-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printList } from '../../cli/print-list.ts';
import { readWords } from '../../cli/read-words.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { HOLD_COLUMNS, holdEvents } from '../../services/evidence/hold-events.ts';
import { parseInstant } from '../../services/lists/parse-instant.ts';

export default class EvidenceHold extends HsCommand<typeof EvidenceHold> {
  static override summary = 'Keep events as evidence: prune leaves them, with their tracks and detections.';
  static override description =
    'A hold lasts until it is released, or until a time of the clock on the wall. An event has one hold at a time; all events are held or none. While it lasts `files forget`, `cameras delete` and `cameras merge` refuse what would take something from the event; `db reset` says how many held events go.';
  static override examples = [
    '<%= config.bin %> evidence hold 7 --reason "case 2026-114"',
    '<%= config.bin %> events list --level critical --ids | <%= config.bin %> evidence hold - --reason insurance --until 2027-06-30',
  ];
  static override strict = false;
  static override args = {
    event: Args.string({ description: 'id of an event; several may be given, - reads them from standard input', required: true }),
  };
  static override flags = {
    reason: Flags.string({ summary: 'Why they are kept.', required: true, helpValue: 'TEXT' }),
    until: Flags.string({ summary: 'When the hold ends by itself; a date means the end of that day, UTC.', helpValue: 'TIME' }),
    'dry-run': Flags.boolean({ summary: 'Say what would be done and change nothing.', default: false }),
  };

  async run(): Promise<void> {
    const { reason, until, 'dry-run': dryRun, json } = this.flags;
    const ids = (await readWords(this.words)).map(toId);
    const end = until === undefined ? undefined : parseInstant(until, { name: '--until', zone: 'UTC', asOf: new Date(), endsSpan: true });
    const options = { ids, reason, until: end, actor: actorName(this.settings.actor), dryRun };
    const held = await this.withDatabase(({ knex }) => holdEvents(knex, options));
    const columns = recordColumns(HOLD_COLUMNS, HOLD_COLUMNS.slice(1, 6));
    await printList(held, { columns, format: json ? 'json' : 'table', terminal: this.stdout, emptyText: 'nothing to hold' });
    if (dryRun) this.note('nothing was changed');
  }
}
