// node --import tsx test/faults/backup-storm.ts --kills 20 --bytes 200 --rows 20000 --seed 1
// Needs Linux and a built program; a disk that is full needs root. Exits with 1 when anything is not as it must be.
import { parseArgs } from 'node:util';
import { runBackupStorm } from './run-backup-storm.ts';
import { print, withStormDatabase } from './with-storm-database.ts';

const number = (fallback: string) => ({ type: 'string', default: fallback }) as const;
const { values } = parseArgs({ options: { kills: number('20'), bytes: number('200'), rows: number('20000'), seed: number('1') } });
const { kills, bytes, rows, seed } = values;
const options = { kills: Number(kills), bytes: Number(bytes), rows: Number(rows), seed: Number(seed), parts: Infinity, log: print };

await withStormDatabase('backup', (place) => runBackupStorm({ ...place, ...options }));
