import { EXIT, type ExitCode } from './exit-codes.ts';

type HsErrorOptions = { hint?: string; cause?: unknown };

/**
 * An error the user can act on: one line that says what and where, a hint that says what to do next.
 * `oclif.exit` is what oclif exits with; anything that is not an `HsError` is a bug of ours and exits with 1.
 */
export class HsError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly oclif: { exit: ExitCode };

  // eslint-disable-next-line @typescript-eslint/max-params -- the kinds below fix the first two
  constructor(code: string, exit: ExitCode, message: string, options: HsErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = options.hint;
    this.oclif = { exit };
  }

  get exitCode(): ExitCode {
    return this.oclif.exit;
  }
}

/** Wrong flag, argument or setting. */
export class UsageError extends HsError {
  constructor(message: string, options: HsErrorOptions & { code?: string } = {}) {
    super(options.code ?? 'usage', EXIT.usage, message, options);
  }
}

/** A retry may help: the database, a share or a server does not answer. */
export class TemporaryError extends HsError {
  constructor(code: string, message: string, options: HsErrorOptions = {}) {
    super(code, EXIT.temporary, message, options);
  }
}

/** A program, library, model or requested device is not there. */
export class UnavailableError extends HsError {
  constructor(code: string, message: string, options: HsErrorOptions = {}) {
    super(code, EXIT.unavailable, message, options);
  }
}

/** The database is missing, or its schema is older or newer than this program. */
export class SchemaError extends HsError {
  constructor(code: string, message: string, options: HsErrorOptions = {}) {
    super(code, EXIT.schema, message, options);
  }
}

/** Another run holds the lock. */
export class LockedError extends HsError {
  constructor(message: string, options: HsErrorOptions = {}) {
    super('locked', EXIT.locked, message, options);
  }
}

/** A user cancelled the job from elsewhere: it ends as after a stop request. */
export class CancelledError extends HsError {
  constructor() {
    super('cancelled', EXIT.terminated, 'this job was cancelled', {
      hint: 'what was stored by then stays; run the command again to go on',
    });
  }
}
