// A command of its own: opens the store at argv[2], adds a row, says so, and leaves when its stdin ends.
import { openDatabase } from '../../src/db/database.ts';

const home = process.argv[2] ?? '';
const database = await openDatabase({ home, migrate: 'auto', serverSettings: { fsync: 'off' } });
await database.knex('households').insert({ name: `process ${process.pid}` });
process.stdout.write('added\n');
await new Promise((resolve) => process.stdin.once('end', resolve).resume());
await database.close();
