import { Args } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import type { Column } from '../../cli/column.ts';
import { assertConfirmed, confirmFlags } from '../../cli/confirm-flags.ts';
import { toId } from '../../cli/filter-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printList } from '../../cli/print-list.ts';
import { readWords } from '../../cli/read-words.ts';
import { deleteFeedback, type DeletedFeedback } from '../../services/feedback/delete-feedback.ts';

const COLUMNS: Column<DeletedFeedback>[] = [
  { key: 'event_id', value: (row) => row.event_id },
  { key: 'feedback_type', value: (row) => row.feedback_type },
  { key: 'expected_severity', value: (row) => row.expected_severity },
  { key: 'score_at_feedback', value: (row) => row.score_at_feedback },
  { key: 'notes', value: (row) => row.notes },
];

export default class FeedbackDelete extends HsCommand<typeof FeedbackDelete> {
  static override summary = 'Take back what was said about events.';
  static override description = 'Thresholds are then learned as if it had never been said; the audit log keeps it.';
  static override examples = ['<%= config.bin %> feedback delete 7 --yes'];
  static override strict = false;
  static override args = {
    event: Args.string({ description: 'id of an event; several may be given, - reads them from standard input', required: true }),
  };
  static override flags = confirmFlags;

  async run(): Promise<void> {
    assertConfirmed(this.flags, 'taking back feedback');
    const { 'dry-run': dryRun, json } = this.flags;
    const ids = (await readWords(this.words)).map(toId);
    const actor = actorName(this.settings.actor);
    const deleted = await this.withDatabase(({ knex }) => deleteFeedback(knex, { ids, actor, dryRun }));
    const format = json ? 'json' : 'table';
    await printList(deleted, { columns: COLUMNS, format, terminal: this.stdout, emptyText: 'no events' });
    if (dryRun) this.note('nothing was changed');
  }
}
