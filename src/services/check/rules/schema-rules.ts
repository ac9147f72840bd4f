import expectedSchema from '../../../db/expected-schema.json' with { type: 'json' };
import { advanceSequences, findLateSequences, findSchemaDifferences, findServerProblems } from '../../../db/queries/check/schema.ts';
import type { CheckRule } from '../check-rule.ts';

export const SCHEMA_RULES: readonly CheckRule[] = [
  {
    id: 'S1',
    severity: 'E',
    title: 'Every table, column, constraint, index, trigger and function exists as the migrations make it, and works.',
    why: 'A restore by foreign tools can leave out constraints, leave them unchecked (NOT VALID) or leave triggers disabled; from then on wrong data come in unnoticed.',
    find: findSchemaDifferences(expectedSchema),
  },
  {
    id: 'S2',
    severity: 'E',
    title: 'The server is PostgreSQL 15 or newer, encodes in UTF8, has pg_trgm, and the connection speaks UTC.',
    why: 'Older servers lose child rows when a detection changes its month; another encoding counts lengths differently; another time zone shows other days.',
    find: findServerProblems,
  },
  {
    id: 'S3',
    severity: 'E',
    title: 'Every sequence is at or past the largest id of its table.',
    why: 'A sequence that lags behind, as after a restore of rows alone, gives out ids that are taken: inserts fail, or detections share an id.',
    find: findLateSequences,
    fix: { does: 'sets each such sequence to the largest id', run: advanceSequences },
  },
];
