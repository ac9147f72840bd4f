/** Flags that a worker answers by itself: it is what the work is left to, nobody reads what it prints, it has its own database, and it is told who ordered it. */
const DROPPED = new Set(['--queue', '--json', '--quiet', '--verbose', '--no-color']);
const DROPPED_WITH_VALUE = new Set(['--db', '--actor']);

/**
 * A command line as it may be stored: without the URL of the database, which may hold a password, and without all that makes no difference to what is
 * done, so that the same work is known as the same.
 */
export function commandOfWorker(argv: readonly string[]): string[] {
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
