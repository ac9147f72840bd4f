import { Args, Flags } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { EVENT_CHANGE_COLUMNS } from '../../cli/event-change-columns.ts';
import { toId } from '../../cli/filter-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { durationFlag } from '../../cli/moment-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { readWords } from '../../cli/read-words.ts';
import { reviewFlags } from '../../cli/review-flags.ts';
import { markEvents } from '../../services/events/mark-events.ts';

export default class EventsMark extends HsCommand<typeof EventsMark> {
  static override summary = 'Mark events as reviewed or flagged, or silence their alerts for a while.';
  static override description =
    'A flagged event is never removed when events are formed again. With --expect nothing is written when somebody changed the event since.';
  static override examples = [
    '<%= config.bin %> events mark 7 8 --reviewed',
    '<%= config.bin %> events mark 7 --flagged --snooze 8h --expect 3',
    '<%= config.bin %> events list --level low --ids | <%= config.bin %> events mark - --reviewed',
  ];
  static override strict = false;
  static override args = {
    event: Args.string({ description: 'id of an event; several may be given, - reads them from standard input', required: true }),
  };
  static override flags = {
    reviewed: Flags.boolean({ summary: 'Somebody has looked at it; --no-reviewed takes that back.', allowNo: true }),
    flagged: Flags.boolean({ summary: 'It matters; --no-flagged takes that back.', allowNo: true }),
    snooze: durationFlag('No alerts for this long from now, such as 8h.'),
    'no-snooze': Flags.boolean({ summary: 'Alerts again.', exclusive: ['snooze'] }),
    ...reviewFlags,
  };

  async run(): Promise<void> {
    const { reviewed, flagged, snooze, expect, 'dry-run': dryRun, json } = this.flags;
    const ids = (await readWords(this.words)).map(toId);
    const marks = { reviewed, flagged, snoozeMs: this.flags['no-snooze'] ? 0 : snooze };
    const options = { ids, marks, expect, actor: actorName(this.settings.actor), dryRun };
    const changes = await this.withDatabase(({ knex }) => markEvents(knex, options));
    const format = json ? 'json' : 'table';
    await printList(changes, { columns: EVENT_CHANGE_COLUMNS, format, terminal: this.stdout, emptyText: 'nothing to change' });
    if (dryRun) this.note('nothing was changed');
  }
}
