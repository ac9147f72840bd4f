import { once } from 'node:events';

/** The reader of our output went away (`hs … | head`): the command ends quietly. */
export class OutputClosedError extends Error {
  override readonly name = 'OutputClosedError';
}

let isOutputClosed = false;

/** Keeps a closed pipe from being an uncaught error; `writeOut` then says so to the command. */
export function watchOutput(): void {
  process.stdout.on('error', () => {
    isOutputClosed = true;
  });
  // Nothing can be said when stderr is gone.
  process.stderr.on('error', () => undefined);
}

/** Writes to stdout and waits while the reader is slower than we are. Throws `OutputClosedError` when nobody reads any more. */
export async function writeOut(text: string | Uint8Array): Promise<void> {
  if (isOutputClosed) throw new OutputClosedError();
  if (process.stdout.write(text)) return;
  // `once` rejects on 'error', which is how a closed pipe shows here.
  await once(process.stdout, 'drain').catch(() => {
    throw new OutputClosedError();
  });
}

/** Writes one line to stderr: what is not the result of a command. */
export function writeNote(line: string): void {
  process.stderr.write(`${line}\n`);
}
