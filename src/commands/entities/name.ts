import { Args, Flags } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { CHANGE_COLUMNS } from '../../cli/change-columns.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printList } from '../../cli/print-list.ts';
import { nameEntity } from '../../services/entities/change-entities.ts';

export default class EntitiesName extends HsCommand<typeof EntitiesName> {
  static override summary = 'Name an entity; an empty name is removed.';
  static override examples = ['<%= config.bin %> entities name 0192f0c1 Postman'];
  static override args = {
    entity: Args.string({ description: 'id, its first digits, or name', required: true }),
    name: Args.string({ description: 'the name', required: true }),
  };
  static override flags = { 'dry-run': Flags.boolean({ summary: 'Say what would change and change nothing.', default: false }) };

  async run(): Promise<void> {
    const { 'dry-run': dryRun, json } = this.flags;
    const options = { ...this.args, actor: actorName(this.settings.actor), dryRun };
    const { changes } = await this.withDatabase(({ knex }) => nameEntity(knex, options));
    const format = json ? 'json' : 'table';
    await printList(changes, { columns: CHANGE_COLUMNS, format, terminal: this.stdout, emptyText: 'nothing to change' });
    if (dryRun) this.note('nothing was changed');
  }
}
