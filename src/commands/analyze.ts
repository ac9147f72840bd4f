import { Args } from '@oclif/core';
import { actorName } from '../cli/actor-name.ts';
import { analysisLine } from '../cli/analysis-text.ts';
import { analyzeFlags } from '../cli/analyze-flags.ts';
import { toId } from '../cli/filter-flags.ts';
import { formatProgress } from '../cli/format-progress.ts';
import { HsCommand } from '../cli/hs-command.ts';
import { listFormat } from '../cli/list-flags.ts';
import { printList } from '../cli/print-list.ts';
import { createProgressLine } from '../cli/progress-line.ts';
import { readWords } from '../cli/read-words.ts';
import { recordColumns } from '../cli/record-columns.ts';
import { snakeCased } from '../cli/snake-cased.ts';
import { DIFFERENCE_COLUMNS, DIFFERENCE_LIST_COLUMNS } from '../services/analysis/event-difference.ts';

export default class Analyze extends HsCommand<typeof Analyze> {
  static override summary = 'Score stored events: those that wait, or any others.';
  static override description = `Every event that is named is scored; without names, those of --status. pending: never scored, or changed since. failed: no model gave a
verdict. stale: scored under other points or rules. --rescore takes all of the footage, so that scores reflect everything that is known by now.
With --diff the events that are rated otherwise are listed; --diff --dry-run says what would change, alerts included, and stores nothing.

With a language model set up (llm.base_url) it is asked about every event, within the bounds that the rules set; when it does not answer, the
score by rules holds and --status failed asks again. Alerts of what was rated are raised and told of.

Exit codes: 0 all done, 5 the model or a channel did not answer, 8 work is left (--max-events, --max-duration).`;
  static override examples = [
    '<%= config.bin %> analyze',
    '<%= config.bin %> analyze 7 8 --diff',
    '<%= config.bin %> analyze --since 7d --regroup --rescore --diff --dry-run',
  ];
  static override strict = false;
  static override args = { event: Args.string({ description: 'id of an event; several may be given, - reads them from standard input' }) };
  static override flags = analyzeFlags;

  async run(): Promise<void> {
    const { analyzeAsJob } = await import('../jobs/analyze-as-job.ts');
    const { flags, settings } = this;
    const { since, until, camera: cameras, rescore, regroup, 'dry-run': dryRun, 'max-events': maxEvents, 'max-duration': maxMs } = flags;
    const ids = (await readWords(this.words)).map(toId);
    if (this.flags.queue) return this.leaveToWorkers(await import('../jobs/queue-command.ts'));
    const line = createProgressLine({ quiet: this.isQuiet });
    const work = this.withDatabase((database) =>
      analyzeAsJob({
        database,
        settings,
        choice: { ids, state: flags.status ?? (rescore ? 'all' : 'pending'), scope: { since, until, cameras } },
        ...{ regroup, dryRun, maxEvents, diff: flags.diff, asksModel: flags.llm },
        deadline: maxMs === undefined ? undefined : new Date(Date.now() + maxMs),
        actor: actorName(settings.actor),
        signal: this.signal,
        args: { ...flags, events: ids.length },
        adopts: this.adoptedJob,
        version: this.config.version,
        settingsFingerprint: this.settingsFingerprint,
        logLevel: settings.logLevel,
        warn: (message) => {
          this.note(`warning: ${message}`);
        },
        onProgress: ({ done, total, startedAtMs }) => {
          line.update(() =>
            formatProgress({
              done,
              total,
              unit: dryRun && (regroup || flags.diff) ? 'cameras' : 'events',
              elapsedMs: Date.now() - startedAtMs,
            }),
          );
        },
      }),
    );
    const { differences, exitCode, ...outcome } = await work.finally(() => {
      line.clear();
    });
    this.exitWith(exitCode);
    if (flags.json) {
      await this.printJson({ schema_version: 1, ...snakeCased({ ...outcome, exitCode }), ...(flags.diff ? { items: differences } : {}) });
      return;
    }
    const text = analysisLine(outcome, { dryRun });
    if (!flags.diff) return this.print(text);
    const list = { format: listFormat({ csv: flags.csv }), terminal: this.stdout, emptyText: 'no differences' };
    await printList(differences, { columns: recordColumns(DIFFERENCE_COLUMNS, DIFFERENCE_LIST_COLUMNS), ...list });
    this.note(text);
  }
}
