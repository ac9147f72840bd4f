import { EXIT } from '../errors/exit-codes.ts';
import type { ExitCode } from '../errors/exit-codes.ts';
import { HsError } from '../errors/hs-error.ts';

/**
 * A task that failed. `code` is the one the worker's error carried, or one of the pool's own: `worker_crashed` (the process ended),
 * `timeout` (killed after silence), `worker_unavailable` (no process can be started), `closed`, or `task_failed` for an error without a code.
 */
export class WorkerError extends Error {
  override readonly name = 'WorkerError';
  readonly code: string;

  constructor(code: string, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
  }
}

/** An error as plain data, for the way from a worker to its parent. `exit` is set for errors the user can act on. */
export type ErrorNote = { name: string; message: string; code: string; stack?: string; hint?: string; exit?: number };

export function toErrorNote(error: unknown): ErrorNote {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), code: 'task_failed' };
  const note: ErrorNote = { name: error.name, message: error.message, code: codeOf(error) };
  if (error.stack !== undefined) note.stack = error.stack;
  if (error instanceof HsError) {
    note.exit = error.exitCode;
    if (error.hint !== undefined) note.hint = error.hint;
  }
  return note;
}

/** The counterpart of `toErrorNote`: an HsError where it was one, else a WorkerError; the worker's stack is kept. */
export function fromErrorNote(note: ErrorNote): HsError | WorkerError {
  const exit = knownExit(note.exit);
  const error =
    exit === undefined
      ? new WorkerError(note.code, note.message)
      : new HsError(note.code, exit, note.message, note.hint === undefined ? {} : { hint: note.hint });
  if (note.stack !== undefined) error.stack = note.stack;
  return error;
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' && error.code !== '' ? error.code : 'task_failed';
}

function knownExit(exit: number | undefined): ExitCode | undefined {
  return Object.values(EXIT).find((known) => known === exit);
}
