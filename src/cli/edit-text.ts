import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../errors/hs-error.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Opens a text in the user's editor and returns it as it was saved. Throws a usage error when there is no editor, or it fails. */
export async function editText(text: string, name: string, env: Environment = process.env): Promise<string> {
  const editor = env['VISUAL'] || env['EDITOR'];
  if (!editor) throw new UsageError('there is no editor', { hint: 'set EDITOR, or give --file' });
  const folder = await mkdtemp(join(tmpdir(), 'hs-edit-'));
  try {
    const path = join(folder, name);
    await writeFile(path, text, { mode: 0o600 });
    await runEditor(editor, path);
    return await readFile(path, 'utf8');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `code --wait` is a program with a flag. */
async function runEditor(editor: string, path: string): Promise<void> {
  const [program = '', ...flags] = editor.trim().split(/\s+/);
  const code = await new Promise<number | string>((resolve) => {
    const child = spawn(program, [...flags, path], { stdio: 'inherit' });
    child.on('error', (error) => {
      resolve(error.message);
    });
    child.on('close', (exit, signal) => {
      resolve(exit ?? signal ?? 'unknown');
    });
  });
  if (code !== 0) throw new UsageError(`the editor ${program} ended with ${String(code)}`, { hint: 'nothing was changed' });
}
