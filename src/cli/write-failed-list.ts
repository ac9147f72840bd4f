import { writeAtomically } from '../lib/write-atomically.ts';

type FailedFile = { path: string; status: string; code: string; message: string };

/** One line a file: path, status, code, reason, separated by tabs; tabs and line ends inside become escapes. */
export async function writeFailedList(path: string, files: readonly FailedFile[]): Promise<void> {
  const lines = files.map((file) => `${[file.path, file.status, file.code, file.message].map(escaped).join('\t')}\n`);
  await writeAtomically(path, lines);
}

function escaped(text: string): string {
  return text.replace(/[\\\t\n\r]/g, (character) => JSON.stringify(character).slice(1, -1));
}
