import { Flags } from '@oclif/core';

import { actorName } from '../../cli/actor-name.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecord } from '../../cli/print-record.ts';
import { clearData, heldText } from '../../services/database/clear-data.ts';

export default class DbReset extends HsCommand<typeof DbReset> {
  static override summary = 'Forget all footage and everything that was made of it.';
  static override description =
    'Cameras, zones, rules, household and other settings stay, and so do the logs and the audit log. Events held as evidence go, too, and it says how many. The footage itself is not touched: an ingest takes it again.';
  static override examples = ['<%= config.bin %> db reset --dry-run', '<%= config.bin %> db reset --yes'];
  static override flags = {
    'dry-run': Flags.boolean({ summary: 'Say what would go and change nothing.', default: false }),
    yes: Flags.boolean({ summary: 'Really do it.', default: false }),
  };

  async run(): Promise<void> {
    const { 'dry-run': dryRun, yes: confirmed, json } = this.flags;
    const options = { actor: actorName(this.settings.actor), dryRun, confirmed };
    const { rows, holds_in_force: holds } = await this.withDatabase((database) => clearData(database, options));
    if (Object.keys(rows).length > 0 || json)
      await printRecord(json ? { rows, holds_in_force: holds, dry_run: dryRun } : rows, { json, terminal: this.stdout });
    if (holds > 0) this.note(`${heldText(holds)} ${dryRun ? 'would go' : 'went'}, too`);
    this.note(dryRun ? 'nothing was changed' : 'the store is empty');
  }
}
