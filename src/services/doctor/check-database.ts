import type { Database } from '../../db/database.ts';
import { listCameraNames, type CameraNameRow } from '../../db/queries/cameras.ts';
import { readServerFacts, tryWriting } from '../../db/queries/server-facts.ts';
import { TemporaryError } from '../../errors/hs-error.ts';
import { failed, ok, type DoctorLine } from './doctor-line.ts';
import { formatBytes } from '../../lib/format-bytes.ts';
import { counted } from '../../lib/counted.ts';

/** Opens the database as every command does, hands it over and closes it. */
export type WithDatabase = <Result>(use: (database: Database) => Promise<Result>) => Promise<Result>;

type DatabaseFindings = { lines: DoctorLine[]; cameras: CameraNameRow[] };

/** Kind, version, schema, and whether a row can really be written. */
export async function checkDatabase(withDatabase: WithDatabase): Promise<DatabaseFindings> {
  try {
    return await withDatabase(inspect);
  } catch (error) {
    return { lines: [failed('database', error)], cameras: [] };
  }
}

async function inspect({ knex, kind, describe }: Database): Promise<DatabaseFindings> {
  const { version, sizeBytes, migrations } = await readServerFacts(knex);
  const what = kind === 'embedded' ? 'embedded PostgreSQL' : 'PostgreSQL';
  const opened = `${what} ${version}, ${describe}, ${formatBytes(sizeBytes)}, ${counted(migrations, 'migration')}, schema is current`;
  const cameras = await listCameraNames(knex);
  try {
    await tryWriting(knex);
    return { lines: [ok('database', `${opened}, writable`)], cameras };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const hint = 'check free space, whether the server is a standby, and the rights of its user';
    return {
      lines: [failed('database', new TemporaryError('database_read_only', `${opened}, but not writable: ${reason}`, { hint }))],
      cameras,
    };
  }
}
