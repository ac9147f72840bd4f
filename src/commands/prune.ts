import { Flags } from '@oclif/core';

import { actorName } from '../cli/actor-name.ts';
import { HsCommand } from '../cli/hs-command.ts';
import { listFlags, listFormat } from '../cli/list-flags.ts';
import { printList } from '../cli/print-list.ts';
import { prunedLooksText } from '../cli/pruned-looks-text.ts';
import { recordColumns } from '../cli/record-columns.ts';
import { PRUNE_COLUMNS } from '../services/retention/drop-expired-months.ts';
import { prune } from '../services/retention/prune.ts';

export default class Prune extends HsCommand<typeof Prune> {
  static override summary = 'Remove detections that are over age, whole months at a time, and what was measured of views.';
  static override description =
    'Without --apply it only says what would go. A month goes when it is over age for every camera in it, by the newest footage of that camera. Months with detections of events that have notes, a flag, a missed threat or a hold stay. Events stay, and so do the files: they are not read again. Of the looks at views everything before the last checkpoint that is over age goes; scene changes and references stay.';
  static override aliases = ['retention'];
  static override examples = ['<%= config.bin %> prune --older-than 90d', '<%= config.bin %> prune --older-than 2026-01-01 --apply'];
  static override flags = {
    'older-than': Flags.string({
      summary: 'Age before the newest footage of a camera, or a day.',
      helpValue: '30d|8w|DAY',
      default: '30d',
    }),
    apply: Flags.boolean({ summary: 'Really do it.', default: false }),
    force: Flags.boolean({ summary: 'Also when more than half of all detections would go.', default: false }),
    columns: listFlags.columns,
    ndjson: listFlags.ndjson,
    csv: listFlags.csv,
  };

  async run(): Promise<void> {
    const { 'older-than': olderThan, apply, force, columns: wanted } = this.flags;
    const options = { olderThan, apply, force, actor: actorName(this.settings.actor), signal: this.signal };
    const {
      months,
      looks: { looks },
    } = await this.withDatabase((database) => prune(database, options));
    const format = listFormat(this.flags);
    const columns = recordColumns(PRUNE_COLUMNS, PRUNE_COLUMNS.slice(0, 8));
    await printList(months, { columns, wanted, format, terminal: this.stdout, emptyText: 'nothing is over age' });
    this.remark(prunedLooksText(looks, apply));
    if (!apply && months.length + looks > 0) this.note('nothing was changed; give --apply to do it');
    this.signal.throwIfAborted();
  }
}
