import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { editText } from '../../../src/cli/edit-text.ts';
import { UsageError } from '../../../src/errors/hs-error.ts';
import { makeFolder } from '../../helpers/footage.ts';

let folder: { path: string; dispose: () => Promise<void> };
beforeEach(async () => {
  folder = await makeFolder();
});
afterEach(() => folder.dispose());

async function editor(script: string): Promise<string> {
  const path = join(folder.path, 'editor.mjs');
  await writeFile(path, `import { appendFileSync } from 'node:fs'; ${script}`);
  return `${process.execPath} ${path}`;
}

test('a text comes back as the editor saved it', async () => {
  const env = { EDITOR: 'false', VISUAL: await editor(`appendFileSync(process.argv.at(-1), 'more')`) };
  expect(await editText('text, ', 'prompt.txt', env)).toBe('text, more');
});

test('no editor, one that is not there and one that fails change nothing', async () => {
  for (const env of [{}, { EDITOR: '' }, { EDITOR: '/nonexistent/editor' }, { EDITOR: await editor('process.exit(3)') }]) {
    await expect(editText('x', 'prompt.txt', env)).rejects.toThrow(UsageError);
  }
});
