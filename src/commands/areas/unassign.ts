import { Args, Flags } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { assignedText } from '../../cli/assigned-text.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecord } from '../../cli/print-record.ts';
import { readWords } from '../../cli/read-words.ts';
import { assignCameras } from '../../services/areas/assign-cameras.ts';

export default class AreasUnassign extends HsCommand<typeof AreasUnassign> {
  static override summary = 'Take cameras out of an area.';
  static override examples = ['<%= config.bin %> areas unassign Garage front_door "yard_*"'];
  static override strict = false;
  static override args = {
    area: Args.string({ description: 'name or id of the area', required: true }),
    camera: Args.string({ description: 'id or name of a camera, * and ? allowed; - reads them from standard input', required: true }),
  };
  static override flags = { 'dry-run': Flags.boolean({ summary: 'Say what would change and change nothing.', default: false }) };

  async run(): Promise<void> {
    const { 'dry-run': dryRun, json } = this.flags;
    const [area = '', ...words] = this.words;
    const options = { area, cameras: await readWords(words), into: false, actor: actorName(this.settings.actor), dryRun };
    const assigned = await this.withDatabase(({ knex }) => assignCameras(knex, options));
    if (json) await printRecord({ ...assigned, dry_run: dryRun }, { json, terminal: this.stdout });
    else await this.print(assignedText(assigned, { into: false, dryRun }));
  }
}
