import { createInterface } from 'node:readline';
import { UsageError } from '../errors/hs-error.ts';
import { toId } from './filter-flags.ts';

type Input = NodeJS.ReadableStream & { isTTY?: boolean };

/** Words as given; `-` stands for those of standard input, one per line, empty lines left out. */
export async function readWords(words: readonly string[], input: Input = process.stdin): Promise<string[]> {
  if (!words.includes('-')) return [...words];
  if (input.isTTY === true) throw new UsageError('- reads from standard input, and that is a terminal', { hint: 'pipe something in' });
  const lines: string[] = [];
  for await (const line of createInterface({ input })) if (line.trim() !== '') lines.push(line.trim());
  return words.flatMap((word) => (word === '-' ? lines : [word]));
}

/** The ids of an `--ids` flag: separated by commas, or with `-` from standard input; undefined without the flag. */
export async function readIds(flag: string | undefined, input?: Input): Promise<number[] | undefined> {
  const words = await readIdWords(flag, input);
  return words && [...new Set(words.map(toId))];
}

/** The same for alerts, whose ids are UUIDs; upper case is the same id. */
export async function readAlertIds(flag: string | undefined, input?: Input): Promise<string[] | undefined> {
  const words = await readIdWords(flag, input);
  return words && [...new Set(words.map((word) => word.toLowerCase()))];
}

async function readIdWords(flag: string | undefined, input: Input | undefined): Promise<string[] | undefined> {
  if (flag === undefined) return undefined;
  const words = await readWords(
    flag.split(',').map((word) => word.trim()),
    input,
  );
  return words.filter((word) => word !== '');
}
