import { Args, Flags } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { toId } from '../../cli/filter-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printList } from '../../cli/print-list.ts';
import { readWords } from '../../cli/read-words.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { acknowledgeChanges } from '../../services/scenes/acknowledge-changes.ts';

const COLUMNS = ['id', 'camera_id', 'mode', 'change_type', 'reference', 'reference_taken_at'] as const;

export default class SceneChangesAck extends HsCommand<typeof SceneChangesAck> {
  static override summary = 'Acknowledge scene changes: somebody has seen them.';
  static override description =
    'Where the view is still changed it is right as it is from now on: the newest picture becomes the reference of its mode. With --keep-reference the old one stays, and a change that lasts is found again.';
  static override examples = [
    '<%= config.bin %> scene-changes ack 3',
    '<%= config.bin %> scene-changes list --open --ids | <%= config.bin %> scene-changes ack - --keep-reference',
  ];
  static override strict = false;
  static override args = {
    change: Args.string({ description: 'id of a scene change; several may be given, - reads them from standard input', required: true }),
  };
  static override flags = {
    'keep-reference': Flags.boolean({ summary: 'Go on comparing with the picture from before the change.', default: false }),
    'dry-run': Flags.boolean({ summary: 'Say what would be done and change nothing.', default: false }),
  };

  async run(): Promise<void> {
    const { 'keep-reference': keepReference, 'dry-run': dryRun, json } = this.flags;
    const ids = (await readWords(this.words)).map(toId);
    const options = { ids, keepReference, actor: actorName(this.settings.actor), dryRun };
    const done = await this.withDatabase(({ knex }) => acknowledgeChanges(knex, options));
    const columns = recordColumns(COLUMNS, COLUMNS);
    await printList(done, { columns, format: json ? 'json' : 'table', terminal: this.stdout, emptyText: 'nothing to acknowledge' });
    if (dryRun) this.note('nothing was changed');
  }
}
