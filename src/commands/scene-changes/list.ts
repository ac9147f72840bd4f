import { HsCommand } from '../../cli/hs-command.ts';
import { footageFlags, listFlags, listFormat, parseSort } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { sceneFlags, toSceneFilter } from '../../cli/scene-flags.ts';
import { listSceneChanges, SCENE_CHANGE_SORT_FIELDS } from '../../services/scenes/list-scene-changes.ts';
import { SCENE_CHANGE_COLUMNS, SCENE_CHANGE_LIST_COLUMNS } from '../../services/scenes/scene-change-record.ts';

export default class SceneChangesList extends HsCommand<typeof SceneChangesList> {
  static override summary = 'List views that were covered, moved, defocused or frozen, newest first.';
  static override examples = [
    '<%= config.bin %> scene-changes list --open',
    '<%= config.bin %> scene-changes list --camera gate --type view_blocked --since 7d --csv',
  ];
  static override flags = { ...listFlags, ...footageFlags, ...sceneFlags };

  async run(): Promise<void> {
    const { since, until, camera: cameras, columns: wanted, limit } = this.flags;
    const sort = parseSort(this.flags.sort, SCENE_CHANGE_SORT_FIELDS, { field: 'detected_at', descending: true });
    const filter = toSceneFilter(this.flags);
    await this.withDatabase(async ({ knex }) => {
      const changes = await listSceneChanges(knex, { scope: { since, until, cameras }, filter, sort, limit, zones: this.settings });
      const columns = recordColumns(SCENE_CHANGE_COLUMNS, SCENE_CHANGE_LIST_COLUMNS);
      await printList(changes, { columns, wanted, format: listFormat(this.flags), terminal: this.stdout, emptyText: 'no scene changes' });
    });
  }
}
