import { basename } from 'node:path';
import { Flags } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { writtenText } from '../../cli/evidence-text.ts';
import { toId } from '../../cli/filter-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { createProgressLine } from '../../cli/progress-line.ts';
import { queueFlag } from '../../cli/queue-flag.ts';
import { readWords } from '../../cli/read-words.ts';
import { visibleText } from '../../cli/visible-text.ts';
import { writeNote } from '../../cli/write-out.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { readSigningKey } from '../../services/evidence/signing-key.ts';
import { resolveTarget } from '../../services/export/export-target.ts';

export default class EvidenceCreate extends HsCommand<typeof EvidenceCreate> {
  static override summary = 'Write events with their footage to one sealed file, for somebody who has no hs.';
  static override description =
    'A zip of the files of the recorder byte for byte, clips, stills, everything that is known of each event, and a manifest with the SHA-256 of all of it; README.txt in it says how to check that with sha256sum, openssl and unzip. It is read again and every hash compared before it gets its name. A file of the recorder that is gone or has other content than when it was taken in is left out: the manifest says so, and the command ends with code 3.';
  static override examples = [
    '<%= config.bin %> evidence create --event 7 --out case-114.zip',
    '<%= config.bin %> evidence create --event 7 8 --sign evidence.key --hold --note "case 2026-114"',
    '<%= config.bin %> events list --level critical --ids | <%= config.bin %> evidence create --event - --originals none',
  ];
  static override flags = {
    event: Flags.string({ summary: 'Ids of events; - reads them from standard input.', required: true, multiple: true, helpValue: 'ID' }),
    out: Flags.string({ summary: 'File or folder; by default a new file in the current folder.', helpValue: 'FILE' }),
    originals: Flags.option({ summary: 'Files of the recorder: whole, or none.', options: ['whole', 'none'] as const })({
      default: 'whole',
    }),
    clips: Flags.boolean({ summary: 'A video clip of each event.', default: true, allowNo: true }),
    sign: Flags.string({ summary: 'Sign the manifest with this key; `hs evidence keygen` makes one.', helpValue: 'KEYFILE' }),
    hold: Flags.boolean({ summary: 'Hold the events from now on, as `hs evidence hold` does.', default: false }),
    note: Flags.string({ summary: 'A line for those who read it, such as a case number; also the reason of a hold.', helpValue: 'TEXT' }),
    queue: queueFlag(),
  };

  async run(): Promise<void> {
    const { createEvidence } = await import('../../jobs/create-evidence-as-job.ts');
    const { event, out, originals, clips, sign, hold, note, json } = this.flags;
    const ids = [...new Set((await readWords(event)).map(toId))];
    if (this.flags.queue) return this.leaveToWorkers(await import('../../jobs/queue-command.ts'));
    const target = await resolveTarget({ out, folder: process.cwd(), type: 'evidence', suffix: 'zip', at: new Date() });
    if (target.kind === 'stdout') throw new UsageError('a bundle is read again before it counts: --out must be a file or folder');
    const key = sign === undefined ? undefined : await readSigningKey(sign, this.settings.evidence.keyPassphrase);
    const line = createProgressLine({ quiet: this.isQuiet });
    const { written, exitCode } = await this.withDatabase((database) =>
      createEvidence({
        job: this.jobOf(database, 'evidence create'),
        ...{ ids, path: target.path, originals, clips, note, key },
        settings: this.settings,
        actor: actorName(this.settings.actor),
        holdReason: hold ? (note ?? `in ${basename(target.path)}`) : undefined,
        onProgress: ({ percent, step }) => {
          line.update(`evidence ${String(percent)} % · ${step}`);
        },
      }),
    );
    line.clear();
    this.exitWith(exitCode);
    if (json) await this.printJson({ schema_version: 1, item: written });
    else await this.print(writtenText(written));
    // What could not be had is no remark: --quiet does not hide it.
    for (const { role, source_path: path, why } of written.missing)
      writeNote(visibleText(`not in it: ${path === null ? role : `${role} ${path}`}: ${why}`));
  }
}
