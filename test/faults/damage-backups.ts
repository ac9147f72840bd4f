import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HsError } from '../../src/errors/hs-error.ts';
import { restoreBackup } from '../../src/services/backup/restore-backup.ts';
import { putTogether, takeApart, type BackupParts } from '../helpers/forge-backup.ts';
import { readContent } from './read-content.ts';
import { count, type BackupStorm } from './run-backup-storm.ts';

const CUTS = 20;

/** Backups with a byte changed, cut, or with parts changed behind a right seal: each is refused, and no row changes. */
export async function damageBackups(storm: BackupStorm): Promise<void> {
  const good = storm.contents[0].path;
  const before = await readContent(storm.database.knex);
  const [bytes, bad] = [await readFile(good), join(storm.folder, 'bad.zip')];
  for (let round = 0; round < storm.bytes; round += 1) {
    const copy = Buffer.from(bytes);
    const at = Math.floor(storm.random() * copy.length);
    copy.writeUInt8((copy.readUInt8(at) + 1 + Math.floor(storm.random() * 255)) & 0xff, at);
    await writeFile(bad, copy);
    await expectRefused(storm, bad, { what: 'one byte changed', detail: `byte ${String(at)}` });
  }
  for (let round = 0; round < CUTS; round += 1) {
    const length = Math.floor(storm.random() * bytes.length);
    await writeFile(bad, bytes.subarray(0, length));
    await expectRefused(storm, bad, { what: 'file cut', detail: `${String(length)} bytes` });
  }
  await damageParts(storm, good, bad);
  if ((await readContent(storm.database.knex)) !== before) storm.violations.push('a damaged backup changed rows');
}

type Change = (parts: BackupParts, names: readonly [string, string]) => void;

/** What can be done to a part behind a right seal; the manifest stays as it was. */
const CHANGES: Record<string, Change> = {
  'part removed': ({ files }, [name]) => files.delete(name),
  'part renamed': ({ files }, [name]) => {
    files.set('tables/other.ndjson', files.get(name) ?? Buffer.alloc(0));
    files.delete(name);
  },
  'part cut': ({ files }, [name]) => files.set(name, (files.get(name) ?? Buffer.alloc(0)).subarray(0, -1)),
  'parts swapped': ({ files }, [name, other]) => {
    const [a, b] = [files.get(name), files.get(other)];
    files.set(name, b ?? Buffer.alloc(0)).set(other, a ?? Buffer.alloc(0));
  },
};

async function damageParts(storm: BackupStorm, good: string, bad: string): Promise<void> {
  const names = [...(await takeApart(good)).files].filter(([, content]) => content.length > 0).map(([name]) => name);
  for (const [index, name] of names.slice(0, storm.parts).entries()) {
    for (const [what, change] of Object.entries(CHANGES)) {
      const parts = await takeApart(good);
      change(parts, [name, names[(index + 1) % names.length] ?? name]);
      await putTogether(bad, parts);
      await expectRefused(storm, bad, { what: `${what}, sealed again`, detail: name });
    }
  }
}

async function expectRefused(storm: BackupStorm, path: string, { what, detail }: { what: string; detail: string }): Promise<void> {
  const error: unknown = await restoreBackup(storm.database, {
    path,
    replace: true,
    dryRun: false,
    signal: new AbortController().signal,
    lockWaitMs: 0,
    safetyPath: undefined,
    appVersion: 'storm',
    onProgress: (percent) => {
      if (percent > 20) storm.violations.push(`${what}, ${detail}: rows were written before it was refused`);
    },
    record: () => Promise.resolve(),
  }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof HsError) || !error.code.startsWith('backup_')) storm.violations.push(`${what}, ${detail}: ${String(error)}`);
  count(storm, `refused: ${what}`);
}
