import { Args, Flags } from '@oclif/core';
import { wordsFlag } from '../../cli/choice-flag.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { footageFlags } from '../../cli/list-flags.ts';
import { readWords } from '../../cli/read-words.ts';
import { retryFiles } from '../../services/files/retry-files.ts';

export default class FilesRetry extends HsCommand<typeof FilesRetry> {
  static override summary = 'Give failed and partial files to the next ingest.';
  static override description =
    'Nothing is read now: run `hs ingest` on their folders afterwards. Files that are neither failed nor partial are left alone.';
  static override examples = ['<%= config.bin %> files retry 12 15', '<%= config.bin %> files retry --code inference_failed'];
  static override strict = false;
  static override args = {
    file: Args.string({ description: 'id or path of a file; several may be given, - reads them from standard input' }),
  };
  static override flags = {
    code: wordsFlag('Files with these codes, such as truncated.'),
    camera: footageFlags.camera,
    all: Flags.boolean({ summary: 'Every failed or partial file.', default: false }),
    'dry-run': Flags.boolean({ summary: 'Say how many it would be and change nothing.', default: false }),
  };

  async run(): Promise<void> {
    const { code: codes, camera: cameras, all, 'dry-run': dryRun } = this.flags;
    const files = await readWords(this.words);
    const count = await this.withDatabase(({ knex }) => retryFiles(knex, { files, codes, cameras, all, dryRun }));
    if (this.flags.json) await this.printJson({ schema_version: 1, item: { marked: count, dry_run: dryRun } });
    else await this.print(`${String(count)} ${count === 1 ? 'file' : 'files'} ${dryRun ? 'would be ' : ''}marked for the next ingest`);
  }
}
