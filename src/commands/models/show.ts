import { Args, Flags } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecords } from '../../cli/print-records.ts';
import { readWords } from '../../cli/read-words.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { openStore } from '../../services/models/open-store.ts';
import { showModel, type ListedModel } from '../../services/models/show-model.ts';

export default class ModelsShow extends HsCommand<typeof ModelsShow> {
  static override summary = 'Show what models are and how they are fed and read.';
  static override examples = [
    '<%= config.bin %> models show yolox_nano',
    '<%= config.bin %> models show yolov8n_int8_640 --card > my-model.json',
  ];
  static override strict = false;
  static override args = {
    model: Args.string({ description: 'id of a model; several may be given, - reads them from standard input', required: true }),
  };
  static override flags = {
    card: Flags.boolean({ summary: 'Print the card as JSON, to start a card of your own from.', exclusive: ['json'] }),
  };

  async run(): Promise<void> {
    const store = openStore(this.settings.home);
    const models: ListedModel[] = [];
    for (const id of await readWords(this.words)) models.push(await showModel(store, id));
    const [first] = models;
    if (this.flags.card) {
      if (first === undefined || models.length > 1) throw new UsageError(`--card is for one model, not ${String(models.length)}`);
      await this.printJson(first.card);
      return;
    }
    const shown = models.map(({ card, installed, problem }) => {
      const status = installed === undefined ? 'not installed' : (problem ?? 'installed');
      return { ...card, status, path: installed?.path ?? null };
    });
    await printRecords(shown, { words: this.words, json: this.flags.json, terminal: this.stdout });
  }
}
