import { Args, Flags } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import type { Column } from '../../cli/column.ts';
import { toVerdict, verdictFlags } from '../../cli/feedback-flags.ts';
import { toId } from '../../cli/filter-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printList } from '../../cli/print-list.ts';
import { readWords } from '../../cli/read-words.ts';
import { giveFeedback, type GivenFeedback } from '../../services/feedback/give-feedback.ts';

const COLUMNS: Column<GivenFeedback>[] = [
  { key: 'event_id', value: (row) => row.event_id },
  { key: 'camera_id', value: (row) => row.camera_id },
  { key: 'feedback_type', value: (row) => row.feedback_type },
  { key: 'expected_severity', value: (row) => row.expected_severity },
  { key: 'score_at_feedback', value: (row) => row.score_at_feedback },
  { key: 'replaced', value: (row) => row.replaced },
];

export default class FeedbackAdd extends HsCommand<typeof FeedbackAdd> {
  static override summary = 'Say whether events were judged right.';
  static override description =
    'Thresholds of risk levels learn from it; `hs calibration show` tells what, `hs calibration apply` puts it in force. An event keeps one feedback: a new one takes its place. Nothing is learned from an event without a score.';
  static override examples = [
    '<%= config.bin %> feedback add 7 --type false_positive --note "the neighbour’s cat"',
    '<%= config.bin %> feedback add 8 --type severity_wrong --expected critical',
    '<%= config.bin %> events list --since 1d --level low --ids | <%= config.bin %> feedback add - --type correct',
  ];
  static override strict = false;
  static override args = {
    event: Args.string({ description: 'id of an event; several may be given, - reads them from standard input', required: true }),
  };
  static override flags = {
    ...verdictFlags,
    'dry-run': Flags.boolean({ summary: 'Say what would change and change nothing.', default: false }),
  };

  async run(): Promise<void> {
    const { 'dry-run': dryRun, json } = this.flags;
    const verdict = toVerdict(this.flags);
    const ids = (await readWords(this.words)).map(toId);
    const who = { userId: this.settings.calibration.user, actor: actorName(this.settings.actor) };
    const given = await this.withDatabase(({ knex }) => giveFeedback(knex, { ids, verdict, ...who, dryRun }));
    const format = json ? 'json' : 'table';
    await printList(given, { columns: COLUMNS, format, terminal: this.stdout, emptyText: 'no events' });
    if (dryRun) this.note('nothing was changed');
  }
}
