import { Flags } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';

export default class AuditAnchor extends HsCommand<typeof AuditAnchor> {
  static override summary = 'Print the head of the audit log, a line to keep elsewhere.';
  static override description = `The line says how many rows were sealed so far, and the hash of the last one, which is made from all before it. Kept where
those who can write to the database cannot (mail, another machine, storage that locks objects), it proves later that no row up to there
was changed, removed or added: hs audit verify --anchor. Anchor each night, and start a new file after a restore.`;
  static override examples = [
    '<%= config.bin %> audit anchor --out /mnt/other/audit-anchors.txt',
    '<%= config.bin %> audit verify && <%= config.bin %> audit anchor | logger -t hs',
  ];
  static override flags = {
    out: Flags.string({ summary: 'Add the line to this file of anchors, which only its owner may read.', helpValue: 'FILE' }),
  };

  async run(): Promise<void> {
    const { writeAnchor } = await import('../../services/audit/anchor-files.ts');
    const { line, ...item } = await this.withDatabase(({ knex }) => writeAnchor(knex, this.flags.out));
    if (this.flags.json) await this.printJson({ schema_version: 1, item: { ...item, line } });
    else await this.print(line);
  }
}
