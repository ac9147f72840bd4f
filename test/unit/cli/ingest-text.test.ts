import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ingestText } from '../../../src/cli/ingest-text.ts';
import { toTerminal } from '../../../src/cli/terminal.ts';
import { writeFailedList } from '../../../src/cli/write-failed-list.ts';
import { createLongList } from '../../../src/lib/long-list.ts';
import { createTally } from '../../../src/services/ingest/ingest-tally.ts';

const TERMINAL = toTerminal({}, { color: false, env: {} });
const QUIET = { created: 0, changed: 0, absorbed: 0, deleted: 0, orphaned: [] as number[] };
const OUTCOME = { tally: createTally(), changes: QUIET, detector: 'motion', device: undefined, elapsedMs: 1000, stoppedBy: undefined };

function listOf<T extends object>(items: readonly T[]) {
  const list = createLongList<T>({ kept: 1, complete: true });
  for (const item of items) list.add(item);
  return { ...list, first: () => items };
}

test('an empty run reads as one', () => {
  const text = ingestText(OUTCOME, { problems: listOf([]), terminal: TERMINAL, dryRun: false });
  expect(text).toContain('found       0 files');
  expect(text).toContain('damaged     none');
  expect(text).toContain('events      none');
});

test('each problem is named with its reason, control characters made visible, and long lists end with a pointer', () => {
  const problem = { path: '/f/a\u001b[31m\nb.jpg', status: 'failed', code: 'zero_bytes', message: 'the file is empty' };
  const text = ingestText(OUTCOME, { problems: listOf(Array.from({ length: 21 }, () => problem)), terminal: TERMINAL, dryRun: false });
  expect(text).not.toContain('\u001b');
  expect(text.match(/zero_bytes/g)).toHaveLength(20);
  expect(text).toContain('and 1 more: hs files list --failed');
});

test('a run that stopped early says what is left', () => {
  const tally = { ...createTally(), taken: 10, finished: 4 };
  const text = ingestText({ ...OUTCOME, tally, stoppedBy: 'deadline' }, { problems: listOf([]), terminal: TERMINAL, dryRun: false });
  expect(text).toContain('out of time: 6 listed files are left');
});

test('the list of failed files has one line a file, whatever the name, and is for its owner alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hs-list-'));
  try {
    const path = join(folder, 'failed.tsv');
    const files = listOf([{ path: '/f/a\tb\nc\\d\u001b\u009b\u202e.jpg', status: 'failed', code: 'truncated', message: 'ends' }]);
    await writeFailedList(path, files.all());
    expect(await readFile(path, 'utf8')).toBe('/f/a\\tb\\nc\\\\d\\u001b\\u009b\\u202e.jpg\tfailed\ttruncated\tends\n');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  } finally {
    await rm(folder, { recursive: true });
  }
});
