import { Flags } from '@oclif/core';

import { actorName } from '../cli/actor-name.ts';
import { HsCommand } from '../cli/hs-command.ts';
import { listFlags, listFormat } from '../cli/list-flags.ts';
import { printList } from '../cli/print-list.ts';
import { recordColumns } from '../cli/record-columns.ts';
import { dropExpiredMonths, PRUNE_COLUMNS } from '../services/retention/drop-expired-months.ts';

export default class Prune extends HsCommand<typeof Prune> {
  static override summary = 'Remove detections that are over age, whole months at a time.';
  static override description =
    'Without --apply it only says what would go. A month goes when it is over age for every camera in it, by the newest footage of that camera. Months with detections of events that have notes, a flag or a missed threat stay. Events stay, and so do the files: they are not read again.';
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
    const months = await this.withDatabase((database) => dropExpiredMonths(database, options));
    const format = listFormat(this.flags);
    const columns = recordColumns(PRUNE_COLUMNS, PRUNE_COLUMNS.slice(0, 8));
    await printList(months, { columns, wanted, format, terminal: this.stdout, emptyText: 'nothing is over age' });
    if (!apply && months.length > 0) this.note('nothing was changed; give --apply to do it');
    this.signal.throwIfAborted();
  }
}
