import { Flags } from '@oclif/core';
import { choiceFlag, toChoices } from '../../cli/choice-flag.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { footageFlags, listFlags, listFormat, parseSort } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { ENTITY_COLUMNS, ENTITY_LIST_COLUMNS } from '../../services/entities/entity-record.ts';
import { ENTITY_TYPE_CHOICES, TRUST_CHOICES } from '../../services/entities/entity-choices.ts';
import { ENTITY_SORT_FIELDS, listEntities } from '../../services/entities/list-entities.ts';
import { LARGEST_INTEGER } from '../../cli/largest-integer.ts';

export default class EntitiesList extends HsCommand<typeof EntitiesList> {
  static override summary = 'List people and vehicles that were recognised again, the one seen last first.';
  static override description =
    'Members of a household are not among them. Times and cameras filter by the last sighting and by any camera.';
  static override examples = [
    '<%= config.bin %> entities list --type person --min-sightings 3',
    '<%= config.bin %> entities list --trust untrusted --csv',
  ];
  static override flags = {
    ...listFlags,
    ...footageFlags,
    type: choiceFlag(ENTITY_TYPE_CHOICES, 'Only these types.'),
    trust: choiceFlag(TRUST_CHOICES, 'Only of this trust.'),
    'min-sightings': Flags.integer({
      summary: 'Only who was seen in at least this many tracks.',
      min: 0,
      max: LARGEST_INTEGER,
      helpGroup: 'FILTER',
    }),
  };

  async run(): Promise<void> {
    const { since, until, camera: cameras, columns: wanted, limit, 'min-sightings': minSightings } = this.flags;
    const sort = parseSort(this.flags.sort, ENTITY_SORT_FIELDS, { field: 'last_seen_at', descending: true });
    const types = toChoices('type', this.flags.type, ENTITY_TYPE_CHOICES);
    const trust = toChoices('trust', this.flags.trust, TRUST_CHOICES);
    const options = { scope: { since, until, cameras }, filter: { types, trust, minSightings }, sort, limit, zones: this.settings };
    await this.withDatabase(async ({ knex }) => {
      const entities = await listEntities(knex, options);
      const columns = recordColumns(ENTITY_COLUMNS, ENTITY_LIST_COLUMNS);
      await printList(entities, { columns, wanted, format: listFormat(this.flags), terminal: this.stdout, emptyText: 'no entities' });
    });
  }
}
