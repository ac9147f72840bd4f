import { Args, Flags } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { openStore } from '../../services/models/open-store.ts';
import { removeModel } from '../../services/models/remove-model.ts';

export default class ModelsRemove extends HsCommand<typeof ModelsRemove> {
  static override summary = 'Remove an installed model; detections made with it stay.';
  static override examples = ['<%= config.bin %> models remove yolox_nano --yes'];
  static override args = { model: Args.string({ description: 'id of an installed model', required: true }) };
  static override flags = {
    yes: Flags.boolean({ summary: 'Do it; needed when not on a terminal.' }),
    'dry-run': Flags.boolean({ summary: 'Only say what would be removed.' }),
  };

  async run(): Promise<void> {
    const { yes, 'dry-run': dryRun, json } = this.flags;
    if (!yes && !dryRun && !process.stdin.isTTY) {
      throw new UsageError('removing a model needs --yes when not on a terminal', { hint: '--dry-run shows what would be removed' });
    }
    const folder = await removeModel(openStore(this.settings.home), this.args.model, { dryRun });
    if (json) await this.printJson({ schema_version: 1, item: { id: this.args.model, folder, removed: !dryRun } });
    else await this.print(`${dryRun ? 'would remove' : 'removed'} ${folder}`);
  }
}
