import { Args, Flags } from '@oclif/core';

import { actorName } from '../../cli/actor-name.ts';
import { toId } from '../../cli/filter-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printList } from '../../cli/print-list.ts';
import { readWords } from '../../cli/read-words.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { HOLD_COLUMNS, releaseEvents } from '../../services/evidence/hold-events.ts';

export default class EvidenceRelease extends HsCommand<typeof EvidenceRelease> {
  static override summary = 'End holds: the events go with their age again.';
  static override examples = ['<%= config.bin %> evidence release 7'];
  static override strict = false;
  static override args = {
    event: Args.string({ description: 'id of an event; several may be given, - reads them from standard input', required: true }),
  };
  static override flags = {
    'dry-run': Flags.boolean({ summary: 'Say what would be done and change nothing.', default: false }),
  };

  async run(): Promise<void> {
    const { 'dry-run': dryRun, json } = this.flags;
    const ids = (await readWords(this.words)).map(toId);
    const options = { ids, actor: actorName(this.settings.actor), dryRun };
    const released = await this.withDatabase(({ knex }) => releaseEvents(knex, options));
    const columns = recordColumns(HOLD_COLUMNS, HOLD_COLUMNS.slice(1));
    await printList(released, { columns, format: json ? 'json' : 'table', terminal: this.stdout, emptyText: 'nothing to release' });
    if (dryRun) this.note('nothing was changed');
  }
}
