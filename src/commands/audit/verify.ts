import { Flags } from '@oclif/core';
import { auditFindingLines, verifiedAuditText } from '../../cli/audit-text.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { EXIT } from '../../errors/exit-codes.ts';

const DEFAULT_LIMIT = 20;

export default class AuditVerify extends HsCommand<typeof AuditVerify> {
  static override summary = 'Check that no audit row was changed, removed or added.';
  static override description = `Every audit row is sealed with a hash made from the row before it. Without an anchor this finds what was done within the log. It
cannot find that rows at its end were removed, or that all of it was written anew: for that give a line of hs audit anchor that was kept elsewhere.

Exit codes: 0 nothing is wrong, 7 something is.`;
  static override examples = [
    '<%= config.bin %> audit verify',
    '<%= config.bin %> audit verify --anchor /mnt/other/audit-anchors.txt --json',
  ];
  static override flags = {
    anchor: Flags.string({ summary: 'A file of anchors, a line of it, or its hash alone.', helpValue: 'FILE|HASH', multiple: true }),
    limit: Flags.integer({ summary: 'Name at most so many findings.', default: DEFAULT_LIMIT, min: 0, helpValue: 'N' }),
  };

  async run(): Promise<void> {
    const { readAnchors } = await import('../../services/audit/anchor-files.ts');
    const { verifyAudit } = await import('../../services/audit/verify-audit.ts');
    const { anchor: given = [], limit, json } = this.flags;
    const anchors = (await Promise.all(given.map(readAnchors))).flat();
    const found = await this.withDatabase(({ knex }) => verifyAudit(knex, { anchors, limit, signal: this.signal }));
    const exitCode = found.intact ? EXIT.ok : EXIT.findings;
    if (json) await this.printJson({ schema_version: 1, item: found, exit_code: exitCode });
    else await this.print([...auditFindingLines(found), verifiedAuditText(found)].join('\n'));
    this.exitWith(exitCode);
  }
}
