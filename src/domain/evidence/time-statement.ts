import type { CapturedAtSource, TimeConfidence } from '../enums.ts';

type TimedFile = {
  captured_at_source: CapturedAtSource | null;
  time_confidence: TimeConfidence | null;
  time_ambiguous: boolean;
  time_zone: string | null;
};

/** How the times of some footage are known, for somebody who has nothing but these words. */
export type TimeStatement = {
  sources: CapturedAtSource[];
  confidence: TimeConfidence;
  ambiguous: boolean;
  time_zones: string[];
  statement: string;
};

const SOURCE_WORDS: Readonly<Record<CapturedAtSource, string>> = {
  filename: 'the names of the files',
  exif: 'the EXIF data of the pictures',
  container: 'the times inside the video files',
  mtime: 'the times at which the file system says the files were changed last',
  flag: 'what the operator said when the files were taken in',
};

const CONFIDENCE_WORDS: Readonly<Record<TimeConfidence, string>> = {
  exact: 'They are as exact as the clock of the recorder was, which was not checked.',
  minute: 'They are known to the minute.',
  low: 'They are uncertain and may be wrong by any amount.',
};

const WORST_FIRST: readonly TimeConfidence[] = ['low', 'minute', 'exact'];

/** The weakest of the files decides; files whose time is not known count as uncertain. */
export function stateTimes(files: readonly TimedFile[]): TimeStatement {
  const sources = unique(files.map((file) => file.captured_at_source));
  const confidence = WORST_FIRST.find((word) => files.some((file) => (file.time_confidence ?? 'low') === word)) ?? 'low';
  const ambiguous = files.some((file) => file.time_ambiguous);
  const origin = sources.length === 0 ? 'It is not known where the times come from.' : `The times were read from ${wordsOf(sources)}.`;
  const twice = ambiguous ? [' A local time among them occurs twice (change of clocks), or sources disagreed: see the files.'] : [];
  return {
    sources,
    confidence,
    ambiguous,
    time_zones: unique(files.map((file) => file.time_zone)),
    statement: `${origin} ${CONFIDENCE_WORDS[confidence]}${twice.join('')}`,
  };
}

function wordsOf(sources: readonly CapturedAtSource[]): string {
  return sources.map((source) => SOURCE_WORDS[source]).join(' and ');
}

function unique<Value extends string>(values: readonly (Value | null)[]): Value[] {
  return [...new Set(values.filter((value) => value !== null))].sort();
}
