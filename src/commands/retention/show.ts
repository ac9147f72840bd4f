import { HsCommand } from '../../cli/hs-command.ts';
import { listFlags, listFormat } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { RETENTION_COLUMNS } from '../../cli/prune-text.ts';
import { listSettings } from '../../config/list-settings.ts';
import { showRetention, type Origins } from '../../services/retention/show-retention.ts';

export default class RetentionShow extends HsCommand<typeof RetentionShow> {
  static override summary = 'Show how long what is kept, and what is over age.';
  static override description =
    'Footage is everything that was seen: events with their alerts and clips, tracks, detections and looks at views; it ages by the newest footage of its camera, all else by the clock. Originals are removed by `hs prune --originals` only. `bytes` is what `hs prune --apply` would free.';
  static override examples = ['<%= config.bin %> retention show', '<%= config.bin %> retention show --json'];
  static override flags = { columns: listFlags.columns, ndjson: listFlags.ndjson, csv: listFlags.csv };

  async run(): Promise<void> {
    const entries = new Map(listSettings(this.loaded).map((entry) => [entry.key, entry]));
    const origins: Origins = (kind) => {
      const { origin = 'default', source = null } = entries.get(`retention.${kind}`) ?? {};
      return { origin, source };
    };
    await this.withDatabase(async ({ knex }) => {
      const records = await showRetention(knex, this.settings.retention, origins);
      await printList(records, {
        columns: RETENTION_COLUMNS,
        wanted: this.flags.columns,
        format: listFormat(this.flags),
        terminal: this.stdout,
      });
    });
  }
}
