import { Args, Flags } from '@oclif/core';
import { toId } from '../../cli/filter-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecord } from '../../cli/print-record.ts';
import { showSceneChange, writeSceneChangePicture } from '../../services/scenes/show-scene-change.ts';

export default class SceneChangesShow extends HsCommand<typeof SceneChangesShow> {
  static override summary = 'Show a scene change; with --out also how the view was before and then.';
  static override examples = ['<%= config.bin %> scene-changes show 3 --out change.png'];
  static override args = { change: Args.string({ description: 'id of a scene change', required: true }) };
  static override flags = {
    out: Flags.string({ summary: 'Write both pictures side by side here, as PNG; an existing file is replaced.', helpValue: 'FILE' }),
  };

  async run(): Promise<void> {
    const { out, json } = this.flags;
    await this.withDatabase(async ({ knex }) => {
      const change = await showSceneChange(knex, toId(this.args.change), this.settings);
      if (out !== undefined) await writeSceneChangePicture(knex, change, out);
      await printRecord({ ...change, picture: out }, { json, terminal: this.stdout });
    });
  }
}
