import { expect, test } from 'vitest';

import { stateTimes } from '../../../../src/domain/evidence/time-statement.ts';

const file = { captured_at_source: 'filename', time_confidence: 'exact', time_ambiguous: false, time_zone: 'Europe/Zurich' } as const;

test.each([
  ['without footage nothing is known', [], { confidence: 'low', sources: [] }, 'not known where'],
  [
    'a file without a time is uncertain',
    [file, { ...file, captured_at_source: null, time_confidence: null }],
    { confidence: 'low' },
    'wrong',
  ],
  ['one source', [file, file], { confidence: 'exact', sources: ['filename'], time_zones: ['Europe/Zurich'] }, 'names of the files. They'],
  ['the weakest decides', [file, { ...file, time_confidence: 'minute' as const }], { confidence: 'minute' }, 'to the minute'],
  [
    'sources are all named',
    [file, { ...file, captured_at_source: 'mtime' as const }],
    { sources: ['filename', 'mtime'] },
    ' and the times at',
  ],
  ['doubt is said', [{ ...file, time_ambiguous: true }], { ambiguous: true }, 'occurs twice'],
])('%s', (_, files, expected, words) => {
  const stated = stateTimes(files);
  expect(stated).toMatchObject(expected);
  expect(stated.statement).toContain(words);
});
