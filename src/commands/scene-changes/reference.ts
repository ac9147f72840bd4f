import { Args, Flags } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { printList } from '../../cli/print-list.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { oneModeFlag } from '../../cli/scene-flags.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { listReferences, writeReferencesPicture } from '../../services/scenes/list-references.ts';

const COLUMNS = ['camera_id', 'mode', 'taken_at', 'adaptions', 'width', 'height'] as const;

export default class SceneChangesReference extends HsCommand<typeof SceneChangesReference> {
  static override summary = 'Show what the views of cameras are compared with; with --out as a picture.';
  static override examples = ['<%= config.bin %> scene-changes reference', '<%= config.bin %> scene-changes reference gate --out gate.png'];
  static override args = { camera: Args.string({ description: 'id of a camera, * and ? allowed; without it all' }) };
  static override flags = {
    mode: oneModeFlag,
    out: Flags.string({ summary: 'Write the pictures of the camera side by side here, as PNG.', helpValue: 'FILE' }),
    csv: Flags.boolean({ summary: 'CSV with a header.', exclusive: ['json'] }),
  };

  async run(): Promise<void> {
    const { out, json, csv } = this.flags;
    const { camera } = this.args;
    if (out !== undefined && camera === undefined)
      throw new UsageError('--out needs a camera', { hint: 'hs scene-changes reference gate --out gate.png' });
    await this.withDatabase(async ({ knex }) => {
      const cameras = camera === undefined ? undefined : [camera];
      const found = await listReferences(knex, { cameras, mode: this.flags.mode });
      if (out !== undefined && found.length === 0)
        throw new UsageError(`there is no reference of camera ${String(camera)} yet`, { code: 'no_reference' });
      if (out !== undefined) await writeReferencesPicture(found, out);
      const format = json ? 'json' : csv ? 'csv' : 'table';
      const rows = found.map(({ record }) => record);
      await printList(rows, { columns: recordColumns(COLUMNS, COLUMNS), format, terminal: this.stdout, emptyText: 'no references' });
    });
  }
}
