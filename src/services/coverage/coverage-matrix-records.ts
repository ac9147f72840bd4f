import { coverageMatrix } from '../../domain/coverage/coverage-days.ts';
import type { CoverageReport } from './report-coverage.ts';
import { inHours } from './report-coverage.ts';

/** Hours of footage by date; null before the first and after the last footage of the camera. */
export type CoverageMatrixRecord = Readonly<Record<string, string | number | null>>;

/** For data: one column for each day from the first to the last of all cameras. */
export function toMatrixRecords(reports: readonly CoverageReport[]): CoverageMatrixRecord[] {
  const { dates, rows } = coverageMatrix(reports);
  return rows.map(({ cameraId, coveredSeconds }) => ({
    camera_id: cameraId,
    ...Object.fromEntries(dates.map((date, index) => [date, toHours(coveredSeconds[index] ?? null)])),
  }));
}

/** For people: the days hour by hour, of reports that were asked for them. */
export function toCoverageMatrix(reports: readonly CoverageReport[]): {
  dates: string[];
  rows: { label: string; days: CoverageReport['clock'] }[];
} {
  const { dates } = coverageMatrix(reports);
  return { dates, rows: reports.map(({ cameraId, clock }) => ({ label: cameraId, days: clock })) };
}

function toHours(seconds: number | null): number | null {
  return seconds === null ? null : inHours(seconds * 1000);
}
