import { Flags } from '@oclif/core';
import { choiceFlag, toChoices } from '../../cli/choice-flag.ts';
import { toQuality } from '../../cli/evaluation-text.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { footageFlags, listFlags, listFormat, parseSort } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import {
  AUDIT_LIST_MODES,
  EVENT_AUDIT_COLUMNS,
  EVENT_AUDIT_LIST_COLUMNS,
  EVENT_AUDIT_SORT_FIELDS,
  listEventAudits,
} from '../../services/event-audits/list-event-audits.ts';

export default class AuditEvents extends HsCommand<typeof AuditEvents> {
  static override summary = 'List how events were judged: what contributed, and what evaluating that found.';
  static override description =
    'has_… says which stages had a result for whoever judged; enrichment_utilization is the percentage of them. Qualities are 1 to 5. The ids are those of the events.';
  static override examples = [
    '<%= config.bin %> audit events --since 7d --mode evaluated --sort overall_quality_score',
    '<%= config.bin %> audit events --mode advice --json',
  ];
  static override flags = {
    ...listFlags,
    ...footageFlags,
    'min-quality': Flags.string({ summary: 'Only overall qualities of at least this, 1 to 5.', helpValue: 'N', helpGroup: 'FILTER' }),
    mode: choiceFlag(AUDIT_LIST_MODES, 'Only those evaluated at all, or in all of these ways.'),
  };

  async run(): Promise<void> {
    const { since, until, camera: cameras, columns: wanted, limit } = this.flags;
    const sort = parseSort(this.flags.sort, EVENT_AUDIT_SORT_FIELDS, { field: 'started_at', descending: true });
    const filter = { minQuality: toQuality(this.flags['min-quality']), modes: toChoices('mode', this.flags.mode, AUDIT_LIST_MODES) };
    await this.withDatabase(async ({ knex }) => {
      const rows = await listEventAudits(knex, { scope: { since, until, cameras }, filter, sort, limit, zones: this.settings });
      const columns = recordColumns(EVENT_AUDIT_COLUMNS, EVENT_AUDIT_LIST_COLUMNS);
      await printList(rows, { columns, wanted, format: listFormat(this.flags), terminal: this.stdout, emptyText: 'no audits of events' });
    });
  }
}
