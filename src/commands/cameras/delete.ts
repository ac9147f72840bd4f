import { Args, Flags } from '@oclif/core';

import { actorName } from '../../cli/actor-name.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecord } from '../../cli/print-record.ts';
import { deleteCamera } from '../../services/cameras/delete-camera.ts';

export default class CamerasDelete extends HsCommand<typeof CamerasDelete> {
  static override summary = 'Delete a camera with everything known of its footage.';
  static override description =
    'Files, detections, events, zones and settings of the camera go; logs and the audit log stay. A camera with events held as evidence is refused. The footage itself is not touched: the next ingest of its folder makes the camera anew.';
  static override examples = ['<%= config.bin %> cameras delete old_gate --dry-run', '<%= config.bin %> cameras delete old_gate --yes'];
  static override args = { camera: Args.string({ description: 'id of the camera', required: true }) };
  static override flags = {
    'dry-run': Flags.boolean({ summary: 'Say what would go and change nothing.', default: false }),
    yes: Flags.boolean({ summary: 'Really do it.', default: false }),
  };

  async run(): Promise<void> {
    const { 'dry-run': dryRun, yes: confirmed, json } = this.flags;
    const options = { id: this.args.camera, actor: actorName(this.settings.actor), dryRun, confirmed, signal: this.signal };
    const { camera, rows } = await this.withDatabase((database) => deleteCamera(database, options));
    await printRecord(json ? { camera, rows, dry_run: dryRun } : { camera, ...rows }, { json, terminal: this.stdout });
    this.note(dryRun ? 'nothing was changed' : `camera ${camera} deleted`);
  }
}
