import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { fingerprint, readHead, sha256OfPrefix } from '../../../src/media/fingerprint.ts';
import { openMedia, withMedia } from '../../../src/media/open-media.ts';
import { makeFolder } from '../../helpers/footage.ts';

let base: string;
let dispose: () => Promise<void>;
beforeEach(async () => {
  ({ path: base, dispose } = await makeFolder());
  await mkdir(join(base, 'root/cam'), { recursive: true });
  await writeFile(join(base, 'root/cam/a.jpg'), 'inside');
  await writeFile(join(base, 'secret.jpg'), 'outside');
});
afterEach(() => dispose());

const at = (path: string): { path: string; root: string } => ({ path: join(base, path), root: join(base, 'root') });

async function codeOf(path: string): Promise<unknown> {
  try {
    await (await openMedia(at(path))).close();
    return 'opened';
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}

describe('opening', () => {
  test('a regular file inside the root is opened', async () => {
    expect(await withMedia(at('root/cam/a.jpg'), async (handle) => handle.readFile('utf8'))).toBe('inside');
  });

  test('a file below a root that is itself a link is opened', async () => {
    await symlink(join(base, 'root'), join(base, 'alias'));
    const handle = await openMedia({ path: join(base, 'alias/cam/a.jpg'), root: join(base, 'alias') });
    await handle.close();
  });

  test('a missing file is vanished', async () => {
    expect(await codeOf('root/gone.jpg')).toBe('vanished');
    expect(await codeOf('root/cam/a.jpg/x.jpg')).toBe('vanished');
  });

  test('links, folders, FIFOs and files outside are refused without waiting', async () => {
    await symlink(join(base, 'secret.jpg'), join(base, 'root/link.jpg'));
    await symlink(base, join(base, 'root/up'));
    execFileSync('mkfifo', [join(base, 'root/pipe.jpg')]);
    const codes = [];
    for (const path of ['root/link.jpg', 'root/cam', 'root/pipe.jpg', 'secret.jpg', 'root/up/secret.jpg', 'root/../secret.jpg']) {
      codes.push(await codeOf(path));
    }
    expect(codes).toEqual(['unreadable', 'not_media', 'not_media', 'unreadable', 'unreadable', 'unreadable']);
  });

  test('a folder whose name begins like the root is outside', async () => {
    await mkdir(join(base, 'root2'));
    await writeFile(join(base, 'root2/a.jpg'), 'x');
    expect(await codeOf('root2/a.jpg')).toBe('unreadable');
  });

  test('a folder that is swapped for a link meanwhile never gives away what lies outside', async () => {
    await mkdir(join(base, 'evil'));
    await writeFile(join(base, 'evil/a.jpg'), 'outside');
    await symlink(join(base, 'evil'), join(base, 'root/swap'));
    let isSwapping = true;
    const swapper = (async () => {
      while (isSwapping) {
        await rename(join(base, 'root/cam'), join(base, 'root/tmp'));
        await rename(join(base, 'root/swap'), join(base, 'root/cam'));
        await rename(join(base, 'root/cam'), join(base, 'root/swap'));
        await rename(join(base, 'root/tmp'), join(base, 'root/cam'));
      }
    })();
    const read = (): Promise<string> => withMedia(at('root/cam/a.jpg'), (handle) => handle.readFile('utf8'));
    const contents = new Set<string>();
    for (let round = 0; round < 500; round += 1) {
      contents.add(await read().catch((error: unknown) => String((error as { code?: unknown }).code)));
    }
    isSwapping = false;
    await swapper;
    expect([...contents]).not.toContain('outside');
    // How often the real folder was in place in between is chance.
    expect(await read()).toBe('inside');
  });
});

describe('fingerprint', () => {
  test.each([0, 1, 4095, 4096, 4097, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3_000_000])('%i bytes: sha256, size and head', async (size) => {
    const bytes = Buffer.alloc(size, 'hs footage ');
    await writeFile(join(base, 'root/f.bin'), bytes);
    await withMedia(at('root/f.bin'), async (handle) => {
      const { sha256, head, sizeBytes } = await fingerprint(handle);
      expect(sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
      expect(sizeBytes).toBe(size);
      expect(Buffer.from(head)).toEqual(bytes.subarray(0, 4096));
      expect(Buffer.from(await readHead(handle))).toEqual(bytes.subarray(0, 4096));
    });
  });

  test('the hash of the first bytes tells a file that only grew (§2.2)', async () => {
    const bytes = Buffer.from('0123456789');
    await writeFile(join(base, 'root/f.bin'), bytes);
    await withMedia(at('root/f.bin'), async (handle) => {
      expect(await sha256OfPrefix(handle, 4)).toBe(createHash('sha256').update('0123').digest('hex'));
      expect(await sha256OfPrefix(handle, 10)).toBe((await fingerprint(handle)).sha256);
      expect(await sha256OfPrefix(handle, 0)).toBe(createHash('sha256').digest('hex'));
      expect(await sha256OfPrefix(handle, 11)).toBeUndefined();
    });
  });

  test('an abort stops it', async () => {
    await withMedia(at('root/cam/a.jpg'), async (handle) => {
      await expect(fingerprint(handle, { signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow('stop');
    });
  });

  test('a file that is deleted after it was opened is still read whole', async () => {
    await withMedia(at('root/cam/a.jpg'), async (handle) => {
      const expected = createHash('sha256')
        .update(await readFile(join(base, 'root/cam/a.jpg')))
        .digest('hex');
      await rm(join(base, 'root/cam/a.jpg'));
      expect((await fingerprint(handle)).sha256).toBe(expected);
    });
  });
});
