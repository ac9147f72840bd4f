import { access, constants, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { UsageError } from '../errors/hs-error.ts';
import { writeAtomically } from '../lib/write-atomically.ts';

const CHUNK_CHARACTERS = 64 * 1024;

type FailedFile = { path: string; status: string; code: string; message: string };

/** Throws UsageError where the list could not be written: that must not be the news at the end of a long run. */
export async function checkFailedList(path: string): Promise<void> {
  const folder = dirname(resolve(path));
  const isWritable = await access(folder, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!isWritable) throw new UsageError(`--failed-list ${path}: the folder ${folder} is not there, or not writable`);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) throw new UsageError(`--failed-list ${path} is a folder`, { hint: 'name a file in it' });
}

/** One line a file: path, status, code, reason, separated by tabs; tabs and line ends inside become escapes. */
export async function writeFailedList(path: string, files: AsyncIterable<FailedFile>): Promise<void> {
  await writeAtomically(path, toChunks(files));
}

async function* toChunks(files: AsyncIterable<FailedFile>): AsyncGenerator<string> {
  let text = '';
  for await (const file of files) {
    text += `${[file.path, file.status, file.code, file.message].map(escaped).join('\t')}\n`;
    if (text.length < CHUNK_CHARACTERS) continue;
    yield text;
    text = '';
  }
  yield text;
}

function escaped(text: string): string {
  return text.replace(/[\\\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    const short = JSON.stringify(character).slice(1, -1);
    return short === character ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}` : short;
  });
}
