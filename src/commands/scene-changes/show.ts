import { Args, Flags } from '@oclif/core';
import { toId } from '../../cli/filter-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecords } from '../../cli/print-records.ts';
import { readWords } from '../../cli/read-words.ts';
import { UsageError } from '../../errors/hs-error.ts';
import type { SceneChangeRecord } from '../../services/scenes/scene-change-record.ts';
import { showSceneChange, writeSceneChangePicture } from '../../services/scenes/show-scene-change.ts';

export default class SceneChangesShow extends HsCommand<typeof SceneChangesShow> {
  static override summary = 'Show scene changes; of one with --out also how the view was before and then.';
  static override examples = [
    '<%= config.bin %> scene-changes show 3 --out change.png',
    '<%= config.bin %> scene-changes list --open --ids | <%= config.bin %> scene-changes show -',
  ];
  static override strict = false;
  static override args = {
    change: Args.string({ description: 'id of a scene change; several may be given, - reads them from standard input', required: true }),
  };
  static override flags = {
    out: Flags.string({ summary: 'Write both pictures side by side here, as PNG; an existing file is replaced.', helpValue: 'FILE' }),
  };

  async run(): Promise<void> {
    const { out, json } = this.flags;
    const ids = (await readWords(this.words)).map(toId);
    if (out !== undefined && ids.length !== 1)
      throw new UsageError(`--out is for one scene change, not ${String(ids.length)}`, { hint: 'give one id' });
    await this.withDatabase(async ({ knex }) => {
      const changes: SceneChangeRecord[] = [];
      for (const id of ids) changes.push(await showSceneChange(knex, id, this.settings));
      if (out !== undefined) for (const change of changes) await writeSceneChangePicture(knex, change, out);
      const shown = changes.map((change) => ({ ...change, picture: out ?? null }));
      await printRecords(shown, { words: this.words, json, terminal: this.stdout });
    });
  }
}
