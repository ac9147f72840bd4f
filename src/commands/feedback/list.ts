import { feedbackTypeFlag, toFeedbackTypes } from '../../cli/feedback-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { footageFlags, listFlags, listFormat, parseSort } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { FEEDBACK_COLUMNS, FEEDBACK_LIST_COLUMNS, FEEDBACK_SORT_FIELDS, listFeedback } from '../../services/feedback/list-feedback.ts';

export default class FeedbackList extends HsCommand<typeof FeedbackList> {
  static override summary = 'List what was said about events, the latest first.';
  static override description =
    'Times of events are shown as the camera’s own local time with its offset, in JSON and CSV as UTC. The ids are those of the events.';
  static override examples = [
    '<%= config.bin %> feedback list --type false_positive,missed_threat --since 30d',
    '<%= config.bin %> feedback list --camera gate --csv',
  ];
  static override flags = { ...listFlags, ...footageFlags, ...feedbackTypeFlag };

  async run(): Promise<void> {
    const { since, until, camera: cameras, columns: wanted, limit } = this.flags;
    const sort = parseSort(this.flags.sort, FEEDBACK_SORT_FIELDS, { field: 'created_at', descending: true });
    const filter = { types: toFeedbackTypes(this.flags) };
    await this.withDatabase(async ({ knex }) => {
      const rows = await listFeedback(knex, { scope: { since, until, cameras }, filter, sort, limit, zones: this.settings });
      const columns = recordColumns(FEEDBACK_COLUMNS, FEEDBACK_LIST_COLUMNS);
      await printList(rows, { columns, wanted, format: listFormat(this.flags), terminal: this.stdout, emptyText: 'no feedback' });
    });
  }
}
