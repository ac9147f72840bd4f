import { Parser, type Config } from '@oclif/core';
import { UsageError } from '../errors/hs-error.ts';

/** A command of hs that was given after `--`, and its own words. */
export type GivenCommand = { id: string; words: string[]; rest: string[] };

/** What stands after the first `--`, as it stands there: the parser would put words that occur twice side by side. */
export function wordsAfterDashes(argv: readonly string[]): string[] {
  const start = argv.indexOf('--');
  const words = start < 0 ? [] : argv.slice(start + 1);
  return words[0] === 'hs' ? words.slice(1) : words;
}

/** Throws UsageError where the words begin with no command. */
export function findGivenCommand(config: Config, words: readonly string[]): GivenCommand {
  for (let end = words.length; end > 0; end -= 1) {
    const id = words.slice(0, end).join(':');
    if (config.findCommand(id) !== undefined) return { id, words: [...words], rest: words.slice(end) };
  }
  if (words.length === 0) throw new UsageError('there is no command to run', { hint: 'put it after --, such as: -- ingest /footage' });
  throw new UsageError(`${JSON.stringify(words[0])} is not a command of hs`, { hint: 'hs --help lists the commands; put it after --' });
}

/** Reads flags and arguments as the command itself would. Throws UsageError for what it would not take. */
export async function checkGivenCommand(config: Config, { id, rest }: GivenCommand): Promise<Readonly<Record<string, unknown>>> {
  const command = await config.findCommand(id, { must: true }).load();
  const { args, flags, baseFlags, strict } = command;
  // A missing argument would be read from what is piped into this command.
  const named = Object.fromEntries(Object.entries(args).map(([name, arg]) => [name, { ...arg, ignoreStdin: true }]));
  try {
    const parsed = await Parser.parse(rest, { args: named, flags: { ...baseFlags, ...flags }, strict });
    return parsed.flags;
  } catch (error) {
    const line = (error instanceof Error ? error.message : String(error)).split('\n').slice(0, 2).join(' ');
    throw new UsageError(`hs ${id.replaceAll(':', ' ')}: ${line}`, { hint: `hs ${id.replaceAll(':', ' ')} --help` });
  }
}
