// node --import tsx test/faults/export-storm.ts --kills 100 --limits 100 --rows 3000 --seed 1
// Needs Linux and a built program; a disk that is full needs root. Exits with 1 when anything is not as it must be.
import { parseArgs } from 'node:util';
import { runExportStorm, STORM_FORMATS } from './run-export-storm.ts';
import { print, withStormDatabase } from './with-storm-database.ts';

const number = (fallback: string) => ({ type: 'string', default: fallback }) as const;
const { values } = parseArgs({
  options: {
    kills: number('10'),
    limits: number('10'),
    rows: number('3000'),
    seed: number('1'),
    format: { type: 'string', multiple: true },
  },
});
const { kills, limits, rows, seed, format } = values;
const formats = STORM_FORMATS.filter((name) => format === undefined || format.includes(name));
const options = { formats, kills: Number(kills), limits: Number(limits), rows: Number(rows), seed: Number(seed), log: print };

await withStormDatabase('export', (place) => runExportStorm({ ...place, ...options }));
