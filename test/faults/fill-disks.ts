import { copyFile, readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { runLimited, withSmallDisk } from './no-room.ts';
import { readContent } from './read-content.ts';
import { count, isSameFile, type BackupStorm } from './run-backup-storm.ts';

/** No room for a backup, or for the copy before a restore: the old file and content stay, and the reason is said. */
export async function fillDisks(storm: BackupStorm): Promise<void> {
  const [{ path }] = storm.contents;
  const size = (await readFile(path)).length;
  await withoutRoom(storm, { folder: storm.folder, limitBytes: Math.ceil(size / 2) });
  const disk = join(storm.folder, 'disk');
  const isFull = await withSmallDisk(disk, size * 1.5, () => withoutRoom(storm, { folder: disk, limitBytes: undefined }));
  if (!isFull) count(storm, 'full disk skipped: a file system can be mounted by root only');
}

type Place = { folder: string; limitBytes: number | undefined };

async function withoutRoom(storm: BackupStorm, { folder, limitBytes }: Place): Promise<void> {
  const [{ path }] = storm.contents;
  const kept = join(folder, 'full.zip');
  await copyFile(path, kept);
  const [bytes, before] = [await readFile(kept), await readContent(storm.database.knex)];
  const what = limitBytes === undefined ? 'a full disk' : 'a limit of file sizes';
  const commands = [
    ['backup', 'create', '--out', kept],
    ['backup', 'restore', kept, '--replace', '--yes'],
  ];
  for (const args of commands) {
    const { status, stderr } = runLimited(args, { ...storm, limitBytes });
    const said = stderr.trim();
    if (![2, 5].includes(Number(status)) || !/no space|too large/i.test(said) || said.includes('bug in hs'))
      storm.violations.push(`${what}: hs ${args.join(' ')} ended with ${String(status)}: ${said}`);
    if (!(await isSameFile(kept, bytes))) storm.violations.push(`${what}: the old file is gone after hs ${args.join(' ')}`);
    count(storm, `hs ${args.slice(0, 2).join(' ')} on ${what}: code ${String(status)}, old file and content kept`);
  }
  if ((await readContent(storm.database.knex)) !== before) storm.violations.push(`${what}: rows changed`);
  const left = (await readdir(folder)).filter((name) => name.endsWith('.tmp') || name.startsWith('hs-safety'));
  for (const name of left) storm.violations.push(`${what}: ${basename(name)} is left behind`);
}
