import { Args, Flags } from '@oclif/core';
import { formatProgress } from '../../cli/format-progress.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { createProgressLine } from '../../cli/progress-line.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { installByName } from '../../services/models/install-by-name.ts';
import { installFromFile } from '../../services/models/install-from-file.ts';
import { openStore } from '../../services/models/open-store.ts';

const MEGABYTE = 1_000_000;

export default class ModelsInstall extends HsCommand<typeof ModelsInstall> {
  static override summary = 'Install a model by name, or from a file you have.';
  static override description =
    'Downloads go on where they stopped. Nothing is used before its sha256 and its inputs and outputs were checked.';
  static override examples = [
    '<%= config.bin %> models install yolox_nano',
    '<%= config.bin %> models install --from yolox_nano.onnx',
    '<%= config.bin %> models install --from my-model.onnx --card my-model.json',
  ];
  static override args = { model: Args.string({ description: 'id of a model that has a card' }) };
  static override flags = {
    from: Flags.string({ summary: 'Weights you have, an ONNX file.', helpValue: 'FILE' }),
    card: Flags.string({
      summary: 'Card of a model of your own; without it the one beside the file, or the shipped one.',
      helpValue: 'CARD.json',
      dependsOn: ['from'],
    }),
    'accept-license': Flags.boolean({ summary: 'Accept a licence that asks for more than naming the authors.' }),
  };

  async run(): Promise<void> {
    const { card, path } = await this.install();
    if (this.flags.json)
      await this.printJson({
        schema_version: 1,
        item: { id: card.id, path, sha256: card.sha256, bytes: card.bytes, licence: card.licence },
      });
    else await this.print(`installed ${card.id} (${card.licence}) as ${path}`);
  }

  private async install(): ReturnType<typeof installFromFile> {
    const store = openStore(this.settings.home);
    const { from: file, card: cardFile, 'accept-license': acceptLicence } = this.flags;
    const name = this.args.model;
    if (file !== undefined) return installFromFile(store, { file, cardFile, name, acceptLicence, signal: this.signal });
    if (name === undefined) throw new UsageError('which model? Give a name or --from FILE', { hint: '`hs models list` shows the names' });
    const line = createProgressLine({ quiet: this.isQuiet });
    const startedAtMs = Date.now();
    const onProgress = (received: number, totalBytes: number): void => {
      const counts = { done: tenths(received), total: tenths(totalBytes), unit: 'MB', elapsedMs: Date.now() - startedAtMs };
      line.update(() => formatProgress(counts));
    };
    try {
      return await installByName(store, name, { acceptLicence, onProgress, signal: this.signal });
    } finally {
      line.clear();
    }
  }
}

function tenths(bytes: number): number {
  return Math.round((bytes / MEGABYTE) * 10) / 10;
}
