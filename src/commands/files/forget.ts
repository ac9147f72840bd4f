import { Args, Flags } from '@oclif/core';

import { actorName } from '../../cli/actor-name.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecord } from '../../cli/print-record.ts';
import { readWords } from '../../cli/read-words.ts';
import { forgetFiles } from '../../services/files/forget-files.ts';

export default class FilesForget extends HsCommand<typeof FilesForget> {
  static override summary = 'Remove files from the ledger with all that was seen in them.';
  static override description =
    'Their detections go, and events that have nothing else; files that show an event held as evidence are refused. The files themselves are not touched: an ingest of their folder takes them again.';
  static override examples = ['<%= config.bin %> files forget 12 --dry-run', '<%= config.bin %> files forget /footage/gate/a.mp4 --yes'];
  static override strict = false;
  static override args = {
    file: Args.string({ description: 'id or path of a file; several may be given, - reads them from standard input' }),
  };
  static override flags = {
    'dry-run': Flags.boolean({ summary: 'Say what would go and change nothing.', default: false }),
    yes: Flags.boolean({ summary: 'Really do it.', default: false }),
  };

  async run(): Promise<void> {
    const { 'dry-run': dryRun, yes: confirmed, json } = this.flags;
    const { settings } = this;
    const files = await readWords(this.words);
    const options = { files, actor: actorName(settings.actor), dryRun, confirmed, settings };
    const forgotten = await this.withDatabase((database) => forgetFiles(database, options));
    await printRecord({ ...forgotten, dry_run: dryRun }, { json, terminal: this.stdout });
  }
}
