import { Args } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecord } from '../../cli/print-record.ts';
import { showFile } from '../../services/files/show-file.ts';

export default class FilesShow extends HsCommand<typeof FilesShow> {
  static override summary = 'Show everything the ledger knows of a file.';
  static override examples = ['<%= config.bin %> files show 12', '<%= config.bin %> files show footage/gate/20260114-081500.mp4 --json'];
  static override args = { file: Args.string({ description: 'id or path of the file', required: true }) };

  async run(): Promise<void> {
    await this.withDatabase(async ({ knex }) => {
      const { analysed_offsets_ms: offsets, ...details } = await showFile(knex, this.args.file, this.settings);
      const frames = this.flags.json ? { analysed_offsets_ms: offsets } : { analysed_frames: offsets?.length ?? 0 };
      await printRecord({ ...details, ...frames }, { json: this.flags.json, terminal: this.stdout });
    });
  }
}
