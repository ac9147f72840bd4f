import { Command } from 'commander';

import { openDatabase } from '../../src/db/database.ts';
import { prune } from '../../src/services/retention/prune.ts';
import { positiveNumber } from '../measure/positive-number.ts';
import { printFigures } from '../measure/print-figures.ts';
import { withHome } from '../product/hs.ts';
import { fillMonths } from '../retention/fill-months.ts';

const { rows } = new Command('bench/prune')
  .description(
    'Prunes two months, one that goes as a whole and one that goes row by row for an event that is kept, with a third that is young',
  )
  .option('--rows <n>', 'detections of each month', positiveNumber, 300_000)
  .parse()
  .opts<{ rows: number }>();

const MONTHS = [0, 1, 2].map((month) => new Date(Date.UTC(2025, month)));
const KEEP = { footage: '30d', activityHours: '60d', gpuStats: 'never', jobs: 'never', logs: 'never', auditLogs: 'never' };

await withHome(async (home) => {
  const database = await openDatabase({ home, migrate: 'auto' });
  try {
    await fillMonths(database.knex, { months: MONTHS, rows });
    const february = database.knex('events').whereBetween('started_at', ['2025-02-01', '2025-02-28']);
    await database
      .knex('events')
      .where({ id: february.min('id') })
      .update({ flagged: true });
    const figures: Record<string, string | number>[] = [];
    let stage = { table: '', removed: 0, sinceMs: performance.now() };
    const close = (): void => {
      const took = performance.now() - stage.sinceMs;
      if (stage.removed > 0)
        figures.push({
          table: stage.table,
          rows: stage.removed,
          ms: Math.round(took),
          'rows/s': Math.round((stage.removed / took) * 1000),
        });
    };
    let before = 0;
    await prune(database.knex, {
      ...{ settings: KEEP, kinds: ['footage'], originals: undefined, olderThan: '2025-03-01', force: true, actor: 'bench' },
      signal: new AbortController().signal,
      onProblem: () => undefined,
      onProgress: ({ removed, table }) => {
        const count = removed - before;
        before = removed;
        // a whole month is one step with more rows than a batch
        const name = table === 'detections' && count > 1000 ? 'a month as a whole' : table;
        if (name !== stage.table) {
          close();
          stage = { table: name, removed: 0, sinceMs: stage.table === '' ? stage.sinceMs : performance.now() };
        }
        stage.removed += count;
      },
    });
    close();
    printFigures(figures);
  } finally {
    await database.close();
  }
});
