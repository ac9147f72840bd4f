import { Args, Flags } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { EVENT_CHANGE_COLUMNS } from '../../cli/event-change-columns.ts';
import { toId } from '../../cli/filter-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printList } from '../../cli/print-list.ts';
import { readText } from '../../cli/read-text.ts';
import { reviewFlags } from '../../cli/review-flags.ts';
import { noteEvent } from '../../services/events/note-event.ts';

export default class EventsNote extends HsCommand<typeof EventsNote> {
  static override summary = 'Write notes on an event.';
  static override description =
    'The text becomes another line of the notes, also when somebody else writes at the same moment. Notes that exist are replaced only with --expect, so that nobody’s are lost.';
  static override examples = [
    '<%= config.bin %> events note 7 "the postman"',
    '<%= config.bin %> events note 7 "the postman, twice" --replace --expect 4',
    '<%= config.bin %> events note 7 - < report.txt',
  ];
  static override args = {
    event: Args.string({ description: 'id of the event', required: true }),
    text: Args.string({ description: 'the note; - reads it from standard input', required: true }),
  };
  static override flags = {
    replace: Flags.boolean({ summary: 'The text takes the place of the notes; an empty one removes them.', default: false }),
    ...reviewFlags,
  };

  async run(): Promise<void> {
    const { replace, expect, 'dry-run': dryRun, json } = this.flags;
    const actor = actorName(this.settings.actor);
    const options = { id: toId(this.args.event), text: await readText(this.args.text), replace, expect, actor, dryRun };
    const changes = await this.withDatabase(({ knex }) => noteEvent(knex, options));
    const format = json ? 'json' : 'table';
    await printList(changes, { columns: EVENT_CHANGE_COLUMNS, format, terminal: this.stdout, emptyText: 'nothing to change' });
    if (dryRun) this.note('nothing was changed');
  }
}
