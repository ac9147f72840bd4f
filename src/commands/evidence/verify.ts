import { resolve } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { findingLines, verifiedText } from '../../cli/evidence-text.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { createProgressLine } from '../../cli/progress-line.ts';
import { EXIT } from '../../errors/exit-codes.ts';

export default class EvidenceVerify extends HsCommand<typeof EvidenceVerify> {
  static override summary = 'Recompute everything that a bundle of evidence says of itself.';
  static override description =
    'Needs no database. Files that were changed, removed, added, put in another order or are in it twice are found, and so is every other byte of the zip that was changed. Each is told in a line, and the command ends with code 3. A signature proves who made a bundle only with --key, and a key that you did not take from the bundle.';
  static override examples = [
    '<%= config.bin %> evidence verify case-114.zip',
    '<%= config.bin %> evidence verify case-114.zip --key evidence.key.pub',
  ];
  static override args = { file: Args.string({ description: 'The bundle.', required: true }) };
  static override flags = {
    key: Flags.string({ summary: 'Public key that it must be signed with.', helpValue: 'PUBLIC.pem' }),
  };

  async run(): Promise<void> {
    const { verifyBundle } = await import('../../services/evidence/verify-bundle.ts');
    const { readPublicKey } = await import('../../services/evidence/signing-key.ts');
    const { key: keyPath, json } = this.flags;
    const key = keyPath === undefined ? undefined : await readPublicKey(keyPath);
    const line = createProgressLine({ quiet: this.isQuiet });
    const onBytes = (done: number, total: number): void => {
      line.update(`verify ${String(Math.floor((100 * done) / total))} %`);
    };
    const found = await verifyBundle(resolve(this.args.file), { key, signal: this.signal, onBytes });
    line.clear();
    if (!found.intact) this.exitWith(EXIT.someFailed);
    if (json) await this.printJson({ schema_version: 1, item: found });
    else await this.print([...findingLines(found), ...verifiedText(found)].join('\n'));
  }
}
