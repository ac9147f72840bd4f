import { Flags } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecord } from '../../cli/print-record.ts';
import { generateKey } from '../../services/evidence/signing-key.ts';

export default class EvidenceKeygen extends HsCommand<typeof EvidenceKeygen> {
  static override summary = 'Make a key to sign bundles of evidence with.';
  static override description =
    'An Ed25519 key in a file that only its owner may read, and beside it, as .pub, the half to hand out. It is encrypted where the variable HS_EVIDENCE_KEY_PASSPHRASE is set. Tell its fingerprint, the SHA-256 of the public key, to those who are to check bundles, in another way than with the bundle.';
  static override examples = ['<%= config.bin %> evidence keygen --out evidence.key'];
  static override flags = {
    out: Flags.string({ summary: 'File for the key; one that is there is never replaced.', required: true, helpValue: 'FILE' }),
  };

  async run(): Promise<void> {
    const made = await generateKey(this.flags.out, this.settings.evidence.keyPassphrase);
    await printRecord(made, { json: this.flags.json, terminal: this.stdout });
  }
}
