import { Args, Flags } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { EVALUATION_COLUMNS, watchOutcomes } from '../../cli/evaluation-text.ts';
import { toId } from '../../cli/filter-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { footageFlags, listFlags, listFormat } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { readWords } from '../../cli/read-words.ts';
import { EVALUATE_MODES, evaluateEvents } from '../../services/event-audits/evaluate-events.ts';
import { openAuditTools } from '../../services/event-audits/open-tools.ts';
import { LARGEST_INTEGER } from '../../cli/largest-integer.ts';

export default class AuditEvaluate extends HsCommand<typeof AuditEvaluate> {
  static override summary = 'Evaluate how events were judged.';
  static override description = `critique: the model criticises its answer; rubric: it marks it from 1 to 5; consistency: the event is scored once more; advice:
what would make the question better. Of events judged by rules only consistency can be looked at: the same score must come again.
Without ids scored events that were never evaluated are taken, the newest first.

Exit codes: 3 some failed, 5 the language model did not answer.`;
  static override examples = [
    '<%= config.bin %> audit evaluate 7 8 --mode all',
    '<%= config.bin %> audit evaluate --since 7d --mode consistency --limit 0',
  ];
  static override strict = false;
  static override args = { event: Args.string({ description: 'id of an event; several may be given, - reads them from standard input' }) };
  static override flags = {
    ...footageFlags,
    mode: Flags.option({ summary: 'How.', options: EVALUATE_MODES, default: 'all' as const })(),
    limit: Flags.integer({ summary: 'Without ids: at most so many events, 0 for all.', default: 50, min: 0, max: LARGEST_INTEGER }),
    'dry-run': Flags.boolean({ summary: 'Only say what would be evaluated.', default: false }),
    columns: listFlags.columns,
    ndjson: listFlags.ndjson,
    csv: listFlags.csv,
  };

  async run(): Promise<void> {
    const { since, until, camera: cameras, columns: wanted, mode, limit, 'dry-run': dryRun } = this.flags;
    const ids = (await readWords(this.words)).map(toId);
    const act = { actor: actorName(this.settings.actor), dryRun, signal: this.signal };
    const choice = { ids, scope: { since, until, cameras }, limit, mode, zones: this.settings };
    const tools = await openAuditTools(this.settings);
    await this.withDatabase(async ({ knex }) => {
      const outcomes = watchOutcomes(await evaluateEvents(knex, { ...choice, ...act, tools }), (code) => {
        this.exitWith(code);
      });
      const format = listFormat(this.flags);
      await printList(outcomes, { columns: EVALUATION_COLUMNS, wanted, format, terminal: this.stdout, emptyText: 'no events' });
    });
  }
}
