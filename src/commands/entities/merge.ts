import { Args, Flags } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecord } from '../../cli/print-record.ts';
import { readWords } from '../../cli/read-words.ts';
import { mergeEntities } from '../../services/entities/merge-split.ts';

export default class EntitiesMerge extends HsCommand<typeof EntitiesMerge> {
  static override summary = 'Make several entities one, which keeps its id, name and trust; a rebuild leaves it so.';
  static override examples = ['<%= config.bin %> entities merge 0192f0c1 0192f0d4 --into Postman'];
  static override strict = false;
  static override args = {
    entity: Args.string({
      description: 'who goes: id, its first digits, or name; several may be given, - reads standard input',
      required: true,
    }),
  };
  static override flags = {
    into: Flags.string({ summary: 'Who stays.', helpValue: 'ENTITY', required: true }),
    'dry-run': Flags.boolean({ summary: 'Say what would change and change nothing.', default: false }),
  };

  async run(): Promise<void> {
    const { into, 'dry-run': dryRun, json } = this.flags;
    const options = { from: await readWords(this.words), into, actor: actorName(this.settings.actor), dryRun };
    const merged = await this.withDatabase(({ knex }) => mergeEntities(knex, options));
    if (dryRun) this.note('nothing was changed');
    await printRecord(merged, { json, terminal: this.stdout });
  }
}
