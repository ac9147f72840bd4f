import { execFile } from 'node:child_process';
import { mkdir, open, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, relative } from 'node:path';
import { promisify } from 'node:util';

import { fileInput, OLD, type HostileInput } from './hostile-input.ts';

const run = promisify(execFile);

function link(path: string, target: string, ...outcomes: string[]): HostileInput {
  return { kind: 'link', path, outcomes, make: (at) => withFolder(at as string, () => symlink(target, at)) };
}

/** `outside`: a folder beside the root, with a readable picture and video. */
export function linkInputs(outside: string, jpeg: Buffer): HostileInput[] {
  return [
    link('links/picture.jpg', `${outside}/secret.jpg`, 'outside_root'),
    link('links/video.mp4', `${outside}/secret.mp4`, 'outside_root'),
    link('links/relative.jpg', '../../outside/secret.jpg', 'outside_root'),
    link('links/folder', outside, 'outside_root'),
    link('links/folder.jpg', outside, 'outside_root'),
    link('links/passwords.mp4', '/etc/passwd', 'outside_root'),
    link('links/processes', '/proc', 'outside_root'),
    link('links/memory.jpg', '/proc/self/mem', 'outside_root', 'broken_link'),
    link('links/devices', '/dev', 'outside_root'),
    link('links/endless.mp4', '/dev/zero', 'outside_root'),
    link('links/chain-1.jpg', 'chain-2.jpg', 'outside_root'),
    link('links/chain-2.jpg', 'chain-3.jpg', 'outside_root'),
    link('links/chain-3.jpg', `${outside}/secret.jpg`, 'outside_root'),
    link('links/broken.jpg', 'nothing-here.jpg', 'broken_link'),
    link('links/itself.jpg', 'itself.jpg', 'broken_link'),
    link('links/round-a.mp4', 'round-b.mp4', 'broken_link'),
    link('links/round-b.mp4', 'round-a.mp4', 'broken_link'),
    link('links/to-fifo.jpg', '../special/fifo.jpg', 'ignored'),
    link('links/up', '..', 'ignored'),
    link('links/here', '.', 'ignored'),
    link('links/inside.jpg', 'target/inside.jpg', 'ignored'),
    link('links/through-folder', 'target', 'ignored'),
    fileInput('good picture', 'links/target/inside.jpg', jpeg, 'in'),
  ];
}

export function specialInputs(): HostileInput[] {
  const special = (path: string, make: (at: string) => Promise<unknown>): HostileInput => ({
    kind: 'special file',
    path,
    outcomes: ['special_file'],
    make: (at) => withFolder(at as string, make),
  });
  const asRoot = process.getuid?.() === 0;
  return [
    special('special/fifo.jpg', (at) => run('mkfifo', [at])),
    special('special/fifo.mp4', (at) => run('mkfifo', [at])),
    special('special/socket.mp4', makeSocket),
    ...(asRoot
      ? [
          special('special/zero.mp4', (at) => run('mknod', [at, 'c', '1', '5'])),
          special('special/random.jpg', (at) => run('mknod', [at, 'c', '1', '9'])),
          special('special/disk.ts', (at) => run('mknod', [at, 'b', '7', '200'])),
        ]
      : []),
  ];
}

/** The file of a Unix socket stays when its owner is gone; its own path may be longer than a socket's may. */
async function makeSocket(at: string): Promise<void> {
  const server = createServer();
  const before = process.cwd();
  process.chdir(dirname(at));
  try {
    await new Promise<void>((done, fail) => {
      server.once('error', fail);
      server.listen(relative(dirname(at), at), done);
    });
  } finally {
    process.chdir(before);
  }
  server.unref();
}

/** Files that say they are 100 GB and hold next to nothing. */
export function sparseInputs(mp4: Buffer): HostileInput[] {
  const sparse = (path: string, head: Buffer, bytes: number, ...outcomes: string[]): HostileInput => ({
    kind: 'sparse file',
    path,
    outcomes,
    make: (at) =>
      withFolder(at as string, async () => {
        await writeFile(at, head);
        await truncate(at, bytes);
        await utimes(at, OLD, OLD);
      }),
  });
  return [
    sparse('sparse/zeros.mp4', Buffer.alloc(0), 100e9, 'not_media'),
    sparse('sparse/video.mp4', mp4, 100e9, 'listed'),
    sparse('sparse/picture.jpg', Buffer.from('ffd8ffe000104a464946', 'hex'), 100e9, 'listed'),
    sparse('sparse/small.mp4', mp4, mp4.length + 1_000_000, 'listed'),
  ];
}

/** Only for accounts that permissions hold for. */
export function unreadableInputs(jpeg: Buffer): HostileInput[] {
  if (process.getuid?.() === 0) return [];
  return [
    {
      kind: 'no permission',
      path: 'locked/file.jpg',
      outcomes: ['unreadable'],
      make: (at) =>
        withFolder(at as string, async () => {
          await writeFile(at, jpeg);
          await utimes(at, OLD, OLD);
          const handle = await open(at);
          await handle.chmod(0);
          await handle.close();
        }),
    },
  ];
}

async function withFolder(path: string, make: (path: string) => Promise<unknown>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await make(path);
}
