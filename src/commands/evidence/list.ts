import { Flags } from '@oclif/core';

import { HsCommand } from '../../cli/hs-command.ts';
import { listFlags, listFormat } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { HOLD_COLUMNS } from '../../services/evidence/hold-events.ts';
import { listEvidenceHolds } from '../../services/evidence/list-holds.ts';

export default class EvidenceList extends HsCommand<typeof EvidenceList> {
  static override summary = 'List events that are held as evidence.';
  static override examples = ['<%= config.bin %> evidence list', '<%= config.bin %> evidence list --all --csv'];
  static override flags = {
    all: Flags.boolean({ summary: 'Also holds that were released or whose time is over.', default: false }),
    columns: listFlags.columns,
    ndjson: listFlags.ndjson,
    csv: listFlags.csv,
  };

  async run(): Promise<void> {
    const { all, columns: wanted } = this.flags;
    const holds = await this.withDatabase(({ knex }) => listEvidenceHolds(knex, { all }));
    const columns = recordColumns(HOLD_COLUMNS, all ? HOLD_COLUMNS : HOLD_COLUMNS.slice(0, 6));
    await printList(holds, { columns, wanted, format: listFormat(this.flags), terminal: this.stdout, emptyText: 'no event is held' });
  }
}
