import { formatDuration } from './format-duration.ts';

type ProgressCounts = {
  done: number;
  /** Unknown while the work list is still growing. */
  total?: number | undefined;
  /** What is counted, e.g. `files`. */
  unit: string;
  elapsedMs: number;
  /** Further readings, e.g. `12.3 frames/s`, `4.1× real time`. */
  extra?: readonly string[];
};

/** `120/400 files (30 %) · 4.0 files/s · 12.3 frames/s · ETA 1m 10s`; no ETA is invented without a total or a rate. */
export function formatProgress({ done, total, unit, elapsedMs, extra = [] }: ProgressCounts): string {
  const perSecond = elapsedMs > 0 ? done / (elapsedMs / 1000) : 0;
  const parts = [`${shareText(done, total)} ${unit}${percentText(done, total)}`];
  if (perSecond > 0) parts.push(`${perSecond.toFixed(perSecond < 10 ? 1 : 0)} ${unit}/s`);
  parts.push(...extra);
  if (total !== undefined && perSecond > 0 && done < total) parts.push(`ETA ${formatDuration(((total - done) / perSecond) * 1000)}`);
  return parts.join(' · ');
}

function shareText(done: number, total: number | undefined): string {
  return total === undefined ? String(done) : `${String(done)}/${String(total)}`;
}

function percentText(done: number, total: number | undefined): string {
  return total === undefined || total === 0 ? '' : ` (${String(Math.floor((100 * done) / total))} %)`;
}
