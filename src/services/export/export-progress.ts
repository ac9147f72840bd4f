/** Steps after the rows; before them a job stands at 0, and at 10 once they are counted. */
export const EXPORT_PERCENT = { counted: 10, written: 80, synced: 95, renamed: 100 } as const;

const ROWS_BETWEEN_REPORTS = 100;
const MS_BETWEEN_REPORTS = 1000;

/** Whole percent while rows are written: 10 + ⌊70 · done / total⌋, 80 at once when there are none. */
export function exportPercent(done: number, total: number): number {
  return total === 0 ? EXPORT_PERCENT.written : EXPORT_PERCENT.counted + Math.floor((70 * done) / total);
}

export type RowProgress = { done: number; percent: number; /** At the speed so far. */ remainingMs: number };

type ReportRowsOptions = { total: number; nowMs: () => number; report: (progress: RowProgress) => Promise<void> };

/** Passes rows on and reports after every 100 of them, at most once a second. */
export async function* reportRows<Row>(rows: AsyncIterable<Row>, options: ReportRowsOptions): AsyncIterable<Row> {
  const { total, nowMs, report } = options;
  const startedMs = nowMs();
  let reportedMs = startedMs;
  let done = 0;
  for await (const row of rows) {
    yield row;
    done += 1;
    if (done % ROWS_BETWEEN_REPORTS !== 0 || nowMs() - reportedMs < MS_BETWEEN_REPORTS) continue;
    reportedMs = nowMs();
    const remainingMs = ((reportedMs - startedMs) * Math.max(0, total - done)) / done;
    await report({ done, percent: exportPercent(Math.min(done, total), total), remainingMs });
  }
}
