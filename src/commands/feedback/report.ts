import { choiceFlag, toChoices } from '../../cli/choice-flag.ts';
import type { Column } from '../../cli/column.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { footageFlags, listFlags, listFormat } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { REPORT_COLUMNS, REPORT_DIMENSIONS, reportFeedback, type ReportRecord } from '../../services/feedback/report-feedback.ts';

const COLUMNS: Column<ReportRecord>[] = REPORT_COLUMNS.map((key) => ({
  key,
  value: (row) => row[key],
  ...(key === 'precision' ? { format: (row) => row.precision?.toFixed(4) ?? 'unmeasured' } : {}),
}));

export default class FeedbackReport extends HsCommand<typeof FeedbackReport> {
  static override summary = 'Say how often alarms were right, by camera, rule, level, prompt and who gave the score.';
  static override description =
    'The precision is correct ÷ (correct + false_positive), with the 95 % interval it lies in; below 5 of them it is unmeasured. The recall is correct ÷ (correct + missed_threat), where somebody said what was missed. An event that raised alerts of several rules counts for each. Levels are those of the score when the feedback was given, by the thresholds in force.';
  static override examples = ['<%= config.bin %> feedback report --since 30d', '<%= config.bin %> feedback report --by camera,rule --json'];
  static override flags = {
    ...footageFlags,
    by: choiceFlag(REPORT_DIMENSIONS, 'Only by these.'),
    columns: listFlags.columns,
    ndjson: listFlags.ndjson,
    csv: listFlags.csv,
  };

  async run(): Promise<void> {
    const { since, until, camera: cameras, columns: wanted } = this.flags;
    const by = toChoices('by', this.flags.by, REPORT_DIMENSIONS) ?? REPORT_DIMENSIONS;
    const options = { scope: { since, until, cameras }, by, userId: this.settings.calibration.user, zones: this.settings };
    await this.withDatabase(async ({ knex }) => {
      const rows = await reportFeedback(knex, options);
      const format = listFormat(this.flags);
      await printList(rows, { columns: COLUMNS, wanted, format, terminal: this.stdout, emptyText: 'no feedback' });
    });
  }
}
