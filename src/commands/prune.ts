import { Flags } from '@oclif/core';

import { actorName } from '../cli/actor-name.ts';
import { HsCommand } from '../cli/hs-command.ts';
import { listFlags, listFormat } from '../cli/list-flags.ts';
import { printList } from '../cli/print-list.ts';
import { createProgressLine } from '../cli/progress-line.ts';
import { pruneColumns, vacuumText, wholeMonthsText } from '../cli/prune-text.ts';
import { visibleText } from '../cli/visible-text.ts';
import { writeNote } from '../cli/write-out.ts';
import { previewPrune, type PruneOutcome } from '../services/retention/prune.ts';
import { MARKER_HINT } from '../services/retention/prune-originals.ts';
import { RETENTION_KINDS } from '../services/retention/retention-kinds.ts';

export default class Prune extends HsCommand<typeof Prune> {
  static override summary = 'Remove what is over age.';
  static override description =
    'Without --apply it only says what would go. How long what is kept is shown by `hs retention show`. Footage ages by the newest footage of its camera. Events with notes, a flag, a missed threat or a hold stay, with their tracks and detections; all other events go with their alerts, feedback and clips. Months of detections of which nothing stays are dropped as whole tables. The ledger of files stays: they are not read again. --originals removes files of footage from the disk, too: those over age that never showed anything, or all that no event needs which stays; only below a folder with the marker file .hs-root, and only where the content is still that of the ledger.';
  static override examples = [
    '<%= config.bin %> prune',
    '<%= config.bin %> prune --apply --lock-wait 600',
    '<%= config.bin %> prune --older-than 2026-01-01 --table footage --apply',
    '<%= config.bin %> prune --originals empty --apply',
  ];
  static override flags = {
    'older-than': Flags.string({
      summary: 'Age of footage, or a day, instead of the keep time that is set.',
      helpValue: '30d|8w|DAY',
    }),
    table: Flags.option({ summary: 'Only this kind; may be given several times.', options: RETENTION_KINDS, multiple: true })(),
    originals: Flags.option({ summary: 'Remove originals from the disk, too.', options: ['empty', 'all'] as const })(),
    apply: Flags.boolean({ summary: 'Really do it.', default: false }),
    force: Flags.boolean({ summary: 'Also when more than half of a table, or of the originals, would go.', default: false }),
    'lock-wait': Flags.integer({ summary: 'Wait up to S seconds for a run that writes.', helpValue: 'S', min: 0, default: 0 }),
    columns: listFlags.columns,
    ndjson: listFlags.ndjson,
    csv: listFlags.csv,
  };

  async run(): Promise<void> {
    const { apply, columns: wanted } = this.flags;
    const { tables, months } = await (apply ? this.apply() : this.withDatabase(({ knex }) => previewPrune(knex, this.options())));
    const view = { isPreview: !apply };
    await printList(tables, { columns: pruneColumns(view), wanted, format: listFormat(this.flags), terminal: this.stdout });
    this.remark(wholeMonthsText(months, view));
    if (tables.some(({ kept_why: why }) => (why['no_marked_root'] ?? 0) > 0)) this.note(MARKER_HINT);
    if (!apply && tables.some(({ goes }) => goes > 0)) this.note('nothing was changed; give --apply to do it');
    this.remark(vacuumText(tables));
  }

  private options() {
    const { 'older-than': olderThan, table: kinds = [], originals } = this.flags;
    return { settings: this.settings.retention, olderThan, kinds, originals };
  }

  private async apply(): Promise<PruneOutcome> {
    const { pruneAsJob } = await import('../jobs/prune-as-job.ts');
    const line = createProgressLine({ quiet: this.isQuiet });
    const { exitCode, ...outcome } = await this.withDatabase((database) =>
      pruneAsJob({
        ...this.options(),
        job: this.jobOf(database, 'prune'),
        force: this.flags.force,
        actor: actorName(this.settings.actor),
        lockWaitMs: this.flags['lock-wait'] * 1000,
        onProgress: ({ removed, table }) => {
          line.update(`${String(removed)} rows removed · ${table}`);
        },
        onProblem: (problem) => {
          line.clear();
          writeNote(visibleText(problem));
        },
      }),
    ).finally(() => {
      line.clear();
    });
    this.exitWith(exitCode);
    return outcome;
  }
}
