import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { UsageError } from '../errors/hs-error.ts';

type Input = NodeJS.ReadableStream & { isTTY?: boolean };

/** A text as given; `-` stands for all of standard input. */
export async function readText(word: string, input: Input = process.stdin): Promise<string> {
  if (word !== '-') return word;
  if (input.isTTY === true) throw new UsageError('- reads from standard input, and that is a terminal', { hint: 'pipe something in' });
  return readAll(input);
}

/** The text of a file; `-` stands for all of standard input. Throws a usage error for a file that cannot be read. */
export async function readTextFile(path: string, input?: Input): Promise<string> {
  if (path === '-') return readText(path, input);
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new UsageError(`${path} cannot be read (${code})`, { code: 'not_found' });
  }
}
