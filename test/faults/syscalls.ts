// node --import tsx test/faults/syscalls.ts --writers 'export csv,backup'
// Needs Linux, strace and a built program. Prints what it counted; exits with 1 when anything is not as it must be.
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runHs } from '../helpers/run-hs.ts';
import { makeMixedFootage } from './mixed-footage.ts';
import { runSyscallStorm } from './run-syscall-storm.ts';
import { canTrace, type Fault } from './traced-run.ts';
import { print, withStormDatabase } from './with-storm-database.ts';
import { modelWriter, WRITERS, type Writer } from './writers.ts';

const { values } = parseArgs({
  options: {
    writers: { type: 'string', default: [...WRITERS.map(({ name }) => name), 'model'].join(',') },
    faults: { type: 'string', default: 'ENOSPC,EIO,EINTR,SIGKILL' },
    calls: { type: 'string', default: '6' },
    /** An ONNX file named as its card; without one no model is installed. */
    model: { type: 'string' },
  },
});

if (canTrace()) await withStormDatabase('syscall', storm);
else print('skipped: strace is not there, or may not trace');

function ownModel(): Writer[] {
  const { model } = values;
  return model === undefined ? [] : [modelWriter({ file: resolve(model), id: basename(model, '.onnx') })];
}

async function storm({ database, url, folder }: Parameters<Parameters<typeof withStormDatabase>[1]>[0]) {
  const env = { HS_HOME: join(folder, 'home'), HS_DATABASE_URL: url };
  const footage = join(folder, 'footage');
  await makeMixedFootage(footage);
  const { code, stderr } = await runHs(['ingest', footage, '--detector', 'motion', '--quiet'], { env, cwd: folder, timeoutMs: 600_000 });
  if (code !== 3) throw new Error(`the footage was not taken in: ${String(code)} ${stderr}`);
  const { rows } = await database.knex.raw<{ rows: { event: number; detection: number; camera: string }[] }>(
    `SELECT e.id AS event, d.id AS detection, e.camera_id AS camera FROM events e JOIN event_detections m ON m.event_id = e.id
       JOIN detections d ON d.id = m.detection_id WHERE e.camera_id = 'gate' ORDER BY e.id, d.id LIMIT 1`,
  );
  const [first] = rows;
  if (first === undefined) throw new Error('the footage gave no event');
  return runSyscallStorm({
    database,
    material: { ...first, footage, env, folder },
    writers: [...WRITERS, ...ownModel()].filter(({ name }) => values.writers.split(',').includes(name)),
    faults: values.faults.split(',') as Fault[],
    callsOfAKind: Number(values.calls),
    log: print,
  });
}
