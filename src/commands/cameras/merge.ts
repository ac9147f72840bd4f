import { Args, Flags } from '@oclif/core';

import { actorName } from '../../cli/actor-name.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecord } from '../../cli/print-record.ts';
import { mergeCameras } from '../../services/cameras/merge-cameras.ts';

export default class CamerasMerge extends HsCommand<typeof CamerasMerge> {
  static override summary = 'Make two folder names of one physical camera one camera.';
  static override description =
    'Everything of the first camera is kept under the other one, and its folder counts as a folder of that one from now on. Where both have settings of a kind, those of the other one stay. Events are made anew where footage of the two lies close together; notes and reviews stay.';
  static override examples = [
    '<%= config.bin %> cameras merge old_gate --into gate --dry-run',
    '<%= config.bin %> cameras merge old_gate --into gate --yes',
  ];
  static override args = { camera: Args.string({ description: 'id of the camera that goes', required: true }) };
  static override flags = {
    into: Flags.string({ summary: 'Id of the camera that stays.', helpValue: 'ID', required: true }),
    'dry-run': Flags.boolean({ summary: 'Say what would move and change nothing.', default: false }),
    yes: Flags.boolean({ summary: 'Really do it.', default: false }),
  };

  async run(): Promise<void> {
    const { into, 'dry-run': dryRun, yes: confirmed, json } = this.flags;
    const { settings } = this;
    const options = { from: this.args.camera, into, actor: actorName(settings.actor), dryRun, confirmed, settings };
    const merged = await this.withDatabase((database) => mergeCameras(database, options));
    await printRecord({ ...merged, dry_run: dryRun }, { json, terminal: this.stdout });
    this.note(dryRun ? 'nothing was changed' : `camera ${merged.from} is part of ${merged.into} now`);
  }
}
