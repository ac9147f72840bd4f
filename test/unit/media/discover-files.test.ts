import { execFileSync } from 'node:child_process';
import { chmod, mkdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { discoverFiles } from '../../../src/media/discover-files.ts';
import type { Discovered } from '../../../src/media/discover/discovered.ts';
import type { DiscoverOptions } from '../../../src/media/discover/selection.ts';
import { makeFolder } from '../../helpers/footage.ts';

let root: string;
let dispose: () => Promise<void>;
beforeEach(async () => {
  ({ path: root, dispose } = await makeFolder());
});
afterEach(() => dispose());

async function put(...paths: string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), 'x');
  }
}

async function found(
  roots: string[] = [root],
  options: DiscoverOptions = {},
): Promise<{ files: string[]; problems: string[]; all: Discovered[] }> {
  const all: Discovered[] = [];
  for await (const each of discoverFiles(roots, options)) all.push(each);
  return {
    all,
    files: all.flatMap((each) => (each.kind === 'file' ? [each.file.relativePath] : [])),
    problems: all.flatMap((each) => (each.kind === 'problem' ? [`${each.problem.code} ${each.problem.path.slice(root.length + 1)}`] : [])),
  };
}

describe('what is picked up (§2.1)', () => {
  test('an empty folder has nothing', async () => {
    expect(await found()).toEqual({ all: [], files: [], problems: [] });
  });

  test('every suffix of stills and videos, in any case, and nothing else', async () => {
    const wanted =
      'jpg JPEG png WebP bmp gif tif tiff mp4 m4v mkv avi MOV ts mts m2ts webm flv 3gp mpg mpeg dav 264 h264 265 h265 bvr'.split(' ');
    const others = 'Thumbs.db x.idx x.json x.txt x.xml x.lst x.tmp x.part x.partial x.crdownload x.mp4.part jpg x .hidden.jpg'.split(' ');
    await put(...wanted.map((suffix) => `x.${suffix}`), ...others);
    const { files, problems } = await found();
    expect(files.sort()).toEqual(wanted.map((suffix) => `x.${suffix}`).sort());
    expect(problems).toEqual([]);
  });

  test('folders of file servers and dot folders are ignored', async () => {
    await put('@eaDir/a.jpg', '.Trash-1000/a.jpg', '.cache/a.jpg', 'lost+found/a.jpg', 'ok/a.jpg');
    expect((await found()).files).toEqual(['ok/a.jpg']);
  });

  test('a folder with a media suffix is a folder', async () => {
    await put('x.jpg/y.mp4');
    expect((await found()).files).toEqual(['x.jpg/y.mp4']);
  });

  test('natural name order within each folder, folders in their place', async () => {
    await put('cam10/a.jpg', 'cam2/img10.jpg', 'cam2/img9.jpg', 'cam2/IMG1.jpg', 'cam9.jpg');
    expect((await found()).files).toEqual(['cam2/IMG1.jpg', 'cam2/img9.jpg', 'cam2/img10.jpg', 'cam9.jpg', 'cam10/a.jpg']);
  });

  test('size, time in whole ms, type and paths of a file', async () => {
    await put('a/b.mkv');
    await utimes(join(root, 'a/b.mkv'), 1_768_378_500.25, 1_768_378_500.25);
    const { all } = await found();
    expect(all).toEqual([
      {
        kind: 'file',
        file: {
          path: join(root, 'a/b.mkv'),
          root,
          relativePath: 'a/b.mkv',
          sizeBytes: 1,
          modifiedAtMs: 1_768_378_500_250,
          inode: expect.any(Number) as number,
          mediaType: 'video',
        },
      },
    ]);
  });

  test('names with line ends, quotes and dashes are names', async () => {
    await put('-rf.jpg', 'a\nb.jpg', `it's "x".jpg`);
    expect((await found()).files.sort()).toEqual(['-rf.jpg', 'a\nb.jpg', `it's "x".jpg`].sort());
  });
});

describe('roots', () => {
  test('a single file is found with its folder as root', async () => {
    await put('a/b.jpg');
    const { all } = await found([join(root, 'a/b.jpg')]);
    expect(all).toMatchObject([
      { file: { path: join(root, 'a/b.jpg'), root: join(root, 'a'), relativePath: 'b.jpg', mediaType: 'image' } },
    ]);
  });

  test('a missing root is a problem and the others are read', async () => {
    await put('a.jpg');
    expect(await found([join(root, 'gone'), root])).toMatchObject({ files: ['a.jpg'], problems: ['not_found gone'] });
  });

  test('a file that is no footage by its suffix is a problem when it is named', async () => {
    await put('notes.txt');
    expect((await found([join(root, 'notes.txt')])).problems).toEqual(['not_media notes.txt']);
  });

  test('the same, nested and repeated roots give each file once', async () => {
    await put('a/x.jpg', 'b/y.jpg');
    const { files } = await found([join(root, 'a'), root, root, join(root, 'a/x.jpg'), join(root, 'b')]);
    expect(files).toEqual(['x.jpg', 'b/y.jpg']);
  });

  test('folders of our own are skipped, also behind a link', async () => {
    await put('out/thumb.jpg', 'a.jpg');
    await symlink(join(root, 'out'), join(root, 'alias'));
    expect((await found([root], { skipFolders: [join(root, 'alias'), join(root, 'gone')] })).files).toEqual(['a.jpg']);
  });
});

describe('include and exclude', () => {
  test.each<[string, DiscoverOptions, string[]]>([
    ['include by name', { include: ['*.JPG'] }, ['a/one.jpg', 'b/two.jpg']],
    ['include by path', { include: ['a/**'] }, ['a/clip.mp4', 'a/one.jpg']],
    ['exclude a folder', { exclude: ['b'] }, ['a/clip.mp4', 'a/one.jpg']],
    ['exclude wins', { include: ['*.jpg'], exclude: ['a/*'] }, ['b/two.jpg']],
  ])('%s', async (_, options, expected) => {
    await put('a/one.jpg', 'a/clip.mp4', 'b/two.jpg');
    expect((await found([root], options)).files).toEqual(expected);
  });
});

describe('links', () => {
  test('a link to what is found anyway adds nothing, a loop neither', async () => {
    await put('cam/x.jpg');
    await symlink(root, join(root, 'loop'));
    await symlink('..', join(root, 'cam/up'));
    await symlink('cam', join(root, 'alias'));
    await symlink('cam/x.jpg', join(root, 'latest.jpg'));
    expect(await found()).toMatchObject({ files: ['cam/x.jpg'], problems: [] });
  });

  test('a link to what is not found otherwise is followed once per real path', async () => {
    await put('.store/x.jpg');
    await symlink('.store', join(root, 'a'));
    await symlink('.store', join(root, 'b'));
    await symlink('.store/x.jpg', join(root, 'c.jpg'));
    expect(await found()).toMatchObject({ files: ['a/x.jpg'], problems: [] });
  });

  test('a followed file is named by its real path, so that it can be opened', async () => {
    await put('.store/x.bin');
    await symlink('.store/x.bin', join(root, 'c.jpg'));
    expect((await found()).all).toMatchObject([{ file: { path: join(root, '.store/x.bin'), relativePath: 'c.jpg', mediaType: 'image' } }]);
  });

  test('a link that leads outside is reported and not followed', async () => {
    await put('in/a.jpg', 'out/secret.jpg');
    await symlink(join(root, 'out'), join(root, 'in/folder'));
    await symlink(join(root, 'out/secret.jpg'), join(root, 'in/file.jpg'));
    await symlink('/etc/passwd', join(root, 'in/passwd.txt'));
    const { files, problems } = await found([join(root, 'in')]);
    expect(files).toEqual(['a.jpg']);
    expect(problems).toEqual(['outside_root in/file.jpg', 'outside_root in/folder']);
  });

  test('a link into another given root is no problem', async () => {
    await put('one/a.jpg', 'two/b.jpg');
    await symlink(join(root, 'two'), join(root, 'one/link'));
    expect(await found([join(root, 'one'), join(root, 'two')])).toMatchObject({ files: ['a.jpg', 'b.jpg'], problems: [] });
  });

  test('a root that is a link is entered', async () => {
    await put('real/a.jpg');
    await symlink('real', join(root, 'link'));
    expect((await found([join(root, 'link')])).files).toEqual(['a.jpg']);
  });

  test('links that lead nowhere or in a circle are reported', async () => {
    await symlink('gone.jpg', join(root, 'dangling.jpg'));
    await symlink('b.jpg', join(root, 'a.jpg'));
    await symlink('a.jpg', join(root, 'b.jpg'));
    expect((await found()).problems).toEqual(['broken_link a.jpg', 'broken_link b.jpg', 'broken_link dangling.jpg']);
  });
});

describe('what cannot be read', () => {
  test('FIFOs and sockets are reported and never opened', async () => {
    execFileSync('mkfifo', [join(root, 'pipe.jpg')]);
    const server = createServer().listen(join(root, 'socket.mp4'));
    await new Promise((resolve) => server.once('listening', resolve));
    const { files, problems } = await found();
    server.close();
    expect({ files, problems }).toEqual({ files: [], problems: ['special_file pipe.jpg', 'special_file socket.mp4'] });
  });

  test('a name that is not valid UTF-8 is reported with its bytes', async () => {
    await put('ok.jpg');
    await writeFile(Buffer.concat([Buffer.from(`${root}/caf`), Buffer.from([0xe9]), Buffer.from('.jpg')]), 'x');
    await writeFile(Buffer.concat([Buffer.from(`${root}/caf`), Buffer.from([0xe9]), Buffer.from('.txt')]), 'x');
    expect(await found()).toMatchObject({ files: ['ok.jpg'], problems: ['name_not_utf8 caf\\xe9.jpg'] });
  });

  test('a path longer than 2,500 bytes is reported', async () => {
    const deep = Array.from({ length: 11 }, () => 'd'.repeat(240)).join('/');
    await put(`${deep}/a.jpg`);
    const { files, problems } = await found();
    expect(files).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^path_too_long /);
  });

  test.skipIf(process.getuid?.() === 0)('a folder without permission is reported, its neighbours are read', async () => {
    await put('a/x.jpg', 'b/y.jpg');
    await chmod(join(root, 'a'), 0);
    const result = await found();
    await chmod(join(root, 'a'), 0o700);
    expect(result).toMatchObject({ files: ['b/y.jpg'], problems: ['unreadable a'] });
  });

  test('a folder that vanishes while the walk is on its way is reported', async () => {
    await put('a/x.jpg', 'b/y.jpg');
    const problems: string[] = [];
    for await (const each of discoverFiles([root])) {
      if (each.kind === 'problem') problems.push(each.problem.code);
      else if (each.file.relativePath === 'a/x.jpg') execFileSync('rm', ['-r', join(root, 'b')]);
    }
    expect(problems).toEqual(['not_found']);
  });
});

test('an abort stops the walk with its reason', async () => {
  await put('a.jpg', 'b.jpg', 'c/d.jpg');
  const stop = new AbortController();
  const seen: string[] = [];
  const walk = async (): Promise<void> => {
    for await (const each of discoverFiles([root], { signal: stop.signal })) {
      if (each.kind === 'file') seen.push(each.file.relativePath);
      stop.abort(new Error('enough'));
    }
  };
  await expect(walk()).rejects.toThrow('enough');
  expect(seen.length).toBeLessThan(3);
});

test('a folder of 60,000 files costs little memory and gives every file once', async () => {
  execFileSync('sh', ['-c', 'seq -f "img%g.jpg" 1 60000 | xargs touch'], { cwd: root });
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  let peak = 0;
  let count = 0;
  for await (const each of discoverFiles([root])) {
    if (each.kind === 'file') count += 1;
    if (count % 5000 === 0) peak = Math.max(peak, process.memoryUsage().heapUsed);
  }
  expect(count).toBe(60_000);
  expect(peak - before).toBeLessThan(80_000_000);
}, 60_000);
