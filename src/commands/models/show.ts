import { Args, Flags } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecord } from '../../cli/print-record.ts';
import { openStore } from '../../services/models/open-store.ts';
import { showModel } from '../../services/models/show-model.ts';

export default class ModelsShow extends HsCommand<typeof ModelsShow> {
  static override summary = 'Show what a model is and how it is fed and read.';
  static override examples = [
    '<%= config.bin %> models show yolox_nano',
    '<%= config.bin %> models show yolov8n_int8_640 --card > my-model.json',
  ];
  static override args = { model: Args.string({ description: 'id of the model', required: true }) };
  static override flags = {
    card: Flags.boolean({ summary: 'Print the card as JSON, to start a card of your own from.', exclusive: ['json'] }),
  };

  async run(): Promise<void> {
    const { card, installed, problem } = await showModel(openStore(this.settings.home), this.args.model);
    if (this.flags.card) {
      await this.printJson(card);
      return;
    }
    const status = installed === undefined ? 'not installed' : (problem ?? 'installed');
    await printRecord({ ...card, status, path: installed?.path }, { json: this.flags.json, terminal: this.stdout });
  }
}
