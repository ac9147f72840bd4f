import pg from 'pg';

import { UsageError } from '../errors/hs-error.ts';
import type { EmbeddedConnection } from './embedded/presence.ts';

/** What the driver needs to connect. May hold a password: never printed, see `describe`. */
export type ConnectionSettings = { client: pg.ClientConfig; describe: string };

const CONNECT_TIMEOUT_MS = 10_000;

/** The one place that reads a database URL. Its password appears in no error and no description. */
export function parseDatabaseUrl(url: string): ConnectionSettings {
  const parsed = tryParse(url);
  if (parsed === undefined || !/^postgres(ql)?:/.test(url)) {
    throw new UsageError('the database URL is not a valid postgres:// URL', {
      code: 'database_url_invalid',
      hint: 'expected postgres://user:password@host:5432/database; special characters of the password are percent-encoded',
    });
  }
  const where = parsed.host.startsWith('/') ? parsed.host : `${parsed.host}:${String(parsed.port)}`;
  return {
    client: { connectionString: url, ...commonSettings(), keepAlive: true },
    describe: `PostgreSQL at ${where}, database ${parsed.database ?? '?'}`,
  };
}

export function embeddedSettings(connection: EmbeddedConnection): ConnectionSettings {
  return { client: { ...connection, ...commonSettings() }, describe: `the local database at ${connection.host.replace(/\/s$/, '')}` };
}

function tryParse(url: string): pg.Client | undefined {
  try {
    return new pg.Client({ connectionString: url });
  } catch {
    return undefined; // the parser's own error repeats the URL
  }
}

function commonSettings(): pg.ClientConfig {
  return {
    types: { getTypeParser: getTypeParser as typeof pg.types.getTypeParser },
    application_name: 'hs',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  };
}

type Parser = (text: string) => unknown;

/** The driver's own look-up, typed for any type id rather than for those it has names for. */
const defaultParser = pg.types.getTypeParser as (oid: number, format: string) => Parser;

const INT8 = 20;
const INT8_ARRAY = 1016;

function getTypeParser(oid: number, format = 'text'): Parser {
  if (format === 'text' && oid === INT8) return toSafeInteger;
  if (format === 'text' && oid === INT8_ARRAY) return toSafeIntegers;
  return defaultParser(oid, format);
}

/** Ids and counts are numbers in this program; one that a number cannot hold exactly must not pass silently. */
function toSafeInteger(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError(`the database returned ${text}, which is beyond 2^53 - 1`);
}

function toSafeIntegers(text: string): (number | null)[] {
  const items = defaultParser(INT8_ARRAY, 'text')(text) as (string | null)[];
  return items.map((item) => (item === null ? null : toSafeInteger(item)));
}
