/** Flags that a worker answers by itself: it has its own database, and is itself what the work is left to. */
const DROPPED = new Set(['--queue']);
const DROPPED_WITH_VALUE = new Set(['--db']);

/** A command line as it may be stored: without the URL of the database, which may hold a password. */
export function withoutSecretsOfCommand(argv: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < argv.length; i += 1) {
    const word = argv[i] ?? '';
    const [name = ''] = word.split('=', 1);
    if (DROPPED.has(name)) continue;
    if (!DROPPED_WITH_VALUE.has(name)) kept.push(word);
    else if (word === name) i += 1;
  }
  return kept;
}
