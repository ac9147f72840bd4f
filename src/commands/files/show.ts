import { Args } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecords } from '../../cli/print-records.ts';
import { readWords } from '../../cli/read-words.ts';
import { showFile, type FileDetails } from '../../services/files/show-file.ts';

export default class FilesShow extends HsCommand<typeof FilesShow> {
  static override summary = 'Show everything the ledger knows of a file.';
  static override examples = ['<%= config.bin %> files show 12', '<%= config.bin %> files show footage/gate/20260114-081500.mp4 --json'];
  static override strict = false;
  static override args = {
    file: Args.string({ description: 'id or path of a file; several may be given, - reads them from standard input', required: true }),
  };

  async run(): Promise<void> {
    const names = await readWords(this.words);
    await this.withDatabase(async ({ knex }) => {
      const files: FileDetails[] = [];
      for (const name of names) files.push(await showFile(knex, name, this.settings));
      const shown = files.map(({ analysed_offsets_ms: offsets, ...details }) => ({
        ...details,
        ...(this.flags.json ? { analysed_offsets_ms: offsets } : { analysed_frames: offsets?.length ?? 0 }),
      }));
      await printRecords(shown, { words: this.words, json: this.flags.json, terminal: this.stdout });
    });
  }
}
