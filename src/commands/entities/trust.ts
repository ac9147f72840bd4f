import { Args, Flags } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printList } from '../../cli/print-list.ts';
import { readWords } from '../../cli/read-words.ts';
import { trustEntities } from '../../services/entities/change-entities.ts';

export default class EntitiesTrust extends HsCommand<typeof EntitiesTrust> {
  static override summary = 'Say whether entities are trusted, untrusted or unknown.';
  static override examples = [
    '<%= config.bin %> entities trust trusted 0192f0c1',
    '<%= config.bin %> entities list --min-sightings 20 --ids | <%= config.bin %> entities trust trusted -',
  ];
  static override strict = false;
  static override args = {
    trust: Args.string({ description: 'trusted, untrusted or unknown', required: true }),
    entity: Args.string({
      description: 'id, its first digits, or name; several may be given, - reads them from standard input',
      required: true,
    }),
  };
  static override flags = { 'dry-run': Flags.boolean({ summary: 'Say what would change and change nothing.', default: false }) };

  async run(): Promise<void> {
    const { 'dry-run': dryRun, json } = this.flags;
    const [trust = '', ...words] = this.words;
    const options = { trust, entities: await readWords(words), actor: actorName(this.settings.actor), dryRun };
    const changed = await this.withDatabase(({ knex }) => trustEntities(knex, options));
    const rows = changed.flatMap(({ id, changes }) => changes.map(({ from, to }) => ({ id, from, to })));
    const columns = (['id', 'from', 'to'] as const).map((key) => ({ key, value: (row: (typeof rows)[number]) => row[key] }));
    await printList(rows, { columns, format: json ? 'json' : 'table', terminal: this.stdout, emptyText: 'nothing to change' });
    if (dryRun) this.note('nothing was changed');
  }
}
