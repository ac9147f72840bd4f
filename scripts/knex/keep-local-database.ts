// Started by start-local-database.ts with the home as argument: says how to connect, and leaves when its standard input ends.
import { loadSettings } from '../../src/config/load-settings.ts';
import { openEmbedded } from '../../src/db/embedded/open-embedded.ts';

const [home = ''] = process.argv.slice(2);
const { database } = loadSettings({ env: process.env }).settings;
const server = await openEmbedded({ home, ...database });
process.stdout.write(JSON.stringify(server.connection));
await new Promise((resolve) => process.stdin.once('end', resolve).resume());
await server.leave();
