import { Args } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { removeSchedules } from '../../services/schedules/edit-schedules.ts';

export default class SchedulesRemove extends HsCommand<typeof SchedulesRemove> {
  static override summary = 'Remove schedules; jobs that they have left to workers stay.';
  static override examples = ['<%= config.bin %> schedules remove nightly'];
  static override strict = false;
  static override args = { name: Args.string({ description: 'name of the schedule; several may be given', required: true }) };
  static override flags = {};

  async run(): Promise<void> {
    const actor = actorName(this.settings.actor);
    const removed = await this.withDatabase(({ knex }) => removeSchedules(knex, { names: this.words, actor }));
    if (this.flags.json) await this.printJson({ schema_version: 1, items: removed });
    else await this.print(removed.map(({ name }) => `schedule ${String(name)} removed`).join('\n'));
  }
}
