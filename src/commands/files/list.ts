import { fileFlags, toFileFilter } from '../../cli/filter-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { footageFlags, listFlags, listFormat, parseSort } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { FILE_COLUMNS, FILE_LIST_COLUMNS } from '../../services/files/file-record.ts';
import { unmatchedNote } from '../../services/lists/unmatched-note.ts';
import { FILE_SORT_FIELDS, listFiles } from '../../services/files/list-files.ts';

export default class FilesList extends HsCommand<typeof FilesList> {
  static override summary = 'List the ledger of files: what was read, how far, and why not.';
  static override examples = [
    '<%= config.bin %> files list --failed --limit 0',
    '<%= config.bin %> files list --status partial --columns id,code,fraction,message,path',
  ];
  static override flags = { ...listFlags, ...footageFlags, ...fileFlags };

  async run(): Promise<void> {
    const { since, until, camera: cameras, columns: wanted, limit } = this.flags;
    const sort = parseSort(this.flags.sort, FILE_SORT_FIELDS, { field: 'id', descending: true });
    const filter = toFileFilter(this.flags);
    await this.withDatabase(async ({ knex }) => {
      const files = await listFiles(knex, { scope: { since, until, cameras }, filter, sort, limit, zones: this.settings });
      this.remark(await unmatchedNote(knex, { flag: '--code', column: 'media_files.failure_code', words: filter.codes }));
      const columns = recordColumns(FILE_COLUMNS, FILE_LIST_COLUMNS);
      await printList(files, { columns, wanted, format: listFormat(this.flags), terminal: this.stdout, emptyText: 'no files' });
    });
  }
}
