import { EXIT, mostTellingExitCode, type ExitCode } from '../errors/exit-codes.ts';
import { UsageError } from '../errors/hs-error.ts';
import type { Column } from './column.ts';

type Evaluated = {
  event_id: number;
  mode: string;
  outcome: 'done' | 'failed' | 'skipped';
  result: string;
  overall_quality_score: number | null;
  isDown: boolean;
};

/** Columns of what evaluating events came to. */
export const EVALUATION_COLUMNS: Column<Evaluated>[] = [
  { key: 'event_id', value: (row) => row.event_id },
  { key: 'mode', value: (row) => row.mode },
  { key: 'outcome', value: (row) => row.outcome },
  { key: 'result', value: (row) => row.result },
  {
    key: 'overall_quality_score',
    value: (row) => row.overall_quality_score,
    format: (row) => row.overall_quality_score?.toFixed(2) ?? '',
  },
];

/** The rows as they come; after the last one says with which code the command ends. */
export async function* watchOutcomes<Row extends Evaluated>(
  rows: AsyncIterable<Row>,
  exitWith: (code: ExitCode) => void,
): AsyncGenerator<Row> {
  const codes = new Set<ExitCode>();
  for await (const row of rows) {
    if (row.outcome === 'failed') codes.add(row.isDown ? EXIT.temporary : EXIT.someFailed);
    yield row;
  }
  exitWith(mostTellingExitCode(codes));
}

/** Reads a quality. Throws `UsageError` for anything but a number from 1 to 5. */
export function toQuality(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const quality = Number(text);
  if (quality >= 1 && quality <= 5) return quality;
  throw new UsageError(`--min-quality ${JSON.stringify(text)} is not a number from 1 to 5`);
}
