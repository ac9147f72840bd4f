import { Args, Flags } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecord } from '../../cli/print-record.ts';
import { splitEntity } from '../../services/entities/merge-split.ts';

export default class EntitiesSplit extends HsCommand<typeof EntitiesSplit> {
  static override summary = 'Make some of the tracks of an entity a new one; a rebuild leaves both so.';
  static override description = '`entities show` lists the tracks.';
  static override examples = ['<%= config.bin %> entities split Postman --track 812 --track 815'];
  static override args = { entity: Args.string({ description: 'id, its first digits, or name', required: true }) };
  static override flags = {
    track: Flags.integer({
      summary: 'A track that is somebody else; may be repeated.',
      multiple: true,
      required: true,
      helpValue: 'ID',
      min: 1,
    }),
    'dry-run': Flags.boolean({ summary: 'Say what would change and change nothing.', default: false }),
  };

  async run(): Promise<void> {
    const { track: trackIds, 'dry-run': dryRun, json } = this.flags;
    const options = { entity: this.args.entity, trackIds, actor: actorName(this.settings.actor), dryRun };
    const split = await this.withDatabase(({ knex }) => splitEntity(knex, options));
    if (dryRun) this.note('nothing was changed');
    await printRecord(split, { json, terminal: this.stdout });
  }
}
