// A command of its own: makes the months named in argv[3…] in the database at argv[2], in the order given.
import { openDatabase } from '../../src/db/database.ts';
import { ensureDetectionPartitions } from '../../src/db/partitions.ts';

const [, , url = '', ...months] = process.argv;
const database = await openDatabase({ url, home: '/nonexistent', migrate: 'none', poolMax: 2 });
const created: string[] = [];
process.stdout.write('ready\n');
await new Promise((resolve) => process.stdin.once('data', resolve).resume());
for (const month of months) {
  const at = new Date(`${month}-15T12:00:00Z`);
  created.push(...(await ensureDetectionPartitions(database.knex, [at])));
  // beside others that still create, into a month that is there by now
  await database.knex('detections').insert({ camera_id: 'a', file_path: '/a', detected_at: at });
}
await database.close();
process.stdout.write(`${created.join(' ')}\n`);
