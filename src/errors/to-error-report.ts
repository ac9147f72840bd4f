import { EXIT, type ExitCode } from './exit-codes.ts';
import { HsError } from './hs-error.ts';

/** What may be shown of an error; `stack` is for `--verbose` only. */
export type ErrorReport = { code: string; message: string; hint: string | undefined; exitCode: ExitCode; stack: string | undefined };

type ForeignError = Error & { oclif?: unknown; suggestions?: string[]; code?: unknown };

const BUG_HINT = 'this is a bug in hs: run again with --verbose and report what it prints';
const USAGE_HINT = 'run the command with --help to see its flags and arguments';

type KnownCause = { pattern: RegExp; code: string; exitCode: ExitCode; hint: string };

/** System and PostgreSQL codes the user can do something about when no module named them better. */
const KNOWN_CAUSES: readonly KnownCause[] = [
  { pattern: /^(ENOSPC|EDQUOT|53100)$/, code: 'disk_full', exitCode: EXIT.temporary, hint: 'free some disk space and run again' },
  {
    pattern: /^EFBIG$/,
    code: 'file_too_large',
    exitCode: EXIT.temporary,
    hint: 'write to a file system that allows larger files, or raise the limit (ulimit -f)',
  },
  {
    pattern: /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND)$/,
    code: 'unreachable',
    exitCode: EXIT.temporary,
    hint: 'check that the server runs, then run again',
  },
  {
    pattern: /^(08...|57P0.|53...)$/,
    code: 'database_unavailable',
    exitCode: EXIT.temporary,
    hint: 'check that the database runs, then run again',
  },
  {
    pattern: /^42501$/,
    code: 'database_permission',
    exitCode: EXIT.usage,
    hint: 'give the database user the rights on that database, or make it the owner',
  },
  {
    pattern: /^(EIO|ENXIO|ESTALE)$/,
    code: 'disk_error',
    exitCode: EXIT.temporary,
    hint: 'check that disk or share, then run again: the system could not read or write it',
  },
  { pattern: /^(EACCES|EPERM|EROFS)$/, code: 'no_permission', exitCode: EXIT.usage, hint: 'check the permissions of that path' },
];

/** What the database driver says without a code when its server has gone away in the middle of work. */
const LOST_CONNECTION = /Connection terminated|Connection ended unexpectedly|Client has encountered a connection error|Client was closed/;

/** Reads the few safe fields of any error; everything else on it (parser state, environment values) stays unseen. */
export function toErrorReport(error: unknown): ErrorReport {
  if (error instanceof HsError) {
    return { code: error.code, message: error.message, hint: error.hint, exitCode: error.exitCode, stack: error.stack };
  }
  if (!(error instanceof Error)) return bugReport(String(error), undefined);
  const foreign: ForeignError = error;
  if (foreign.oclif !== undefined) return usageReport(foreign);
  const known = KNOWN_CAUSES.find(({ pattern }) => typeof foreign.code === 'string' && pattern.test(foreign.code));
  if (known === undefined && LOST_CONNECTION.test(error.message)) return lostReport(error);
  if (known === undefined) return bugReport(error.message || error.name, error.stack);
  return { code: known.code, message: error.message, hint: known.hint, exitCode: known.exitCode, stack: error.stack };
}

/** oclif's own errors (unknown flag, missing argument, bad value) carry `oclif` and are the user's. */
function usageReport(error: ForeignError): ErrorReport {
  // The parser writes several lines, the last of which repeats our hint.
  const message = error.message
    .replace(/\n+See more help with --help$/, '')
    .replace(/\s*\n\s*/g, ' ')
    .trim();
  return { code: 'usage', message, hint: error.suggestions?.[0] ?? USAGE_HINT, exitCode: EXIT.usage, stack: error.stack };
}

function lostReport({ stack }: Error): ErrorReport {
  const hint = 'check that the database runs, then run again: it goes on where it stopped';
  return { code: 'database_lost', message: 'the connection to the database broke', hint, exitCode: EXIT.temporary, stack };
}

function bugReport(message: string, stack: string | undefined): ErrorReport {
  return { code: 'bug', message, hint: BUG_HINT, exitCode: EXIT.bug, stack };
}
