import { HsError, SchemaError, TemporaryError, UsageError } from '../errors/hs-error.ts';

/** SQLSTATEs and error codes of Node that a first connection may meet. */
const AUTHENTICATION = new Set(['28000', '28P01']);
const NO_SUCH_DATABASE = '3D000';

/** Turns a failed connection into an error the user can act on. The text names the target, never a password. */
export function toConnectionError(error: unknown, describe: string): HsError {
  if (error instanceof HsError) return error;
  const code = codeOf(error);
  if (AUTHENTICATION.has(code)) {
    return new UsageError(`${describe} refuses the user or the password`, {
      code: 'database_login_refused',
      hint: 'check database.url (HS_DATABASE_URL)',
      cause: error,
    });
  }
  if (code === NO_SUCH_DATABASE) {
    return new SchemaError('database_missing', `${describe} does not exist on that server`, {
      hint: 'create it (createdb) and run: hs db migrate',
      cause: error,
    });
  }
  return new TemporaryError('database_unreachable', `${describe} cannot be reached${code === '' ? '' : ` (${code})`}`, {
    hint: 'check that the server runs and that database.url (HS_DATABASE_URL) is right, then try again',
    cause: error,
  });
}

function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (typeof code === 'string') return code;
  return error instanceof Error && /timeout/i.test(error.message) ? 'ETIMEDOUT' : '';
}
