import { auditFlags, toAuditFilter } from '../../cli/audit-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { listFlags, listFormat, parseSort, wallFlags } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { AUDIT_COLUMNS, AUDIT_DEFAULTS, AUDIT_SORT_FIELDS, listAuditLogs } from '../../services/audit/list-audit-logs.ts';
import { unmatchedNote } from '../../services/lists/unmatched-note.ts';

export default class AuditLog extends HsCommand<typeof AuditLog> {
  static override summary = 'List who changed what, newest first.';
  static override description = 'Every command that changes something leaves a row in the same transaction. Times are UTC.';
  static override examples = [
    '<%= config.bin %> audit log --since 7d --action settings_changed,camera_updated',
    '<%= config.bin %> audit log --resource camera:front_door --json',
  ];
  static override flags = { ...listFlags, ...wallFlags, ...auditFlags };

  async run(): Promise<void> {
    const { since, until, resource, columns: wanted, limit } = this.flags;
    const sort = parseSort(this.flags.sort, AUDIT_SORT_FIELDS, { field: 'timestamp', descending: true });
    const filter = toAuditFilter(this.flags);
    await this.withDatabase(async ({ knex }) => {
      const rows = await listAuditLogs(knex, { span: { since, until }, filter, resource, sort, limit });
      const kind = resource === undefined ? undefined : [resource.replace(/:.*$/s, '')];
      this.remark(await unmatchedNote(knex, { flag: '--actor', column: 'audit_logs.actor', words: filter.actors }));
      this.remark(await unmatchedNote(knex, { flag: '--resource', column: 'audit_logs.resource_type', words: kind }));
      const columns = recordColumns(AUDIT_COLUMNS, AUDIT_DEFAULTS);
      await printList(rows, { columns, wanted, format: listFormat(this.flags), terminal: this.stdout, emptyText: 'no audit rows' });
    });
  }
}
