import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { fromBuffer, type Entry, type ZipFile } from 'yauzl';
import { describe, expect, it } from 'vitest';
import { writeZip, type ZipEntry } from '../../../src/exporters/zip/write-zip.ts';

const AT = new Date('2026-03-29T01:30:00Z');

describe('writeZip', () => {
  it('makes a zip that another library opens, also of nothing', async () => {
    expect(await readZip(await zipped([]))).toEqual({});
    const files = { 'a.csv': 'id,name\n', 'clips/b.bin': '', 'c.txt': 'x'.repeat(300_000) };
    expect(await readZip(await zipped(Object.entries(files).map(([name, text]) => entry(name, [text]))))).toEqual(files);
  });

  it('gives the same bytes for the same entries and time, and the time in UTC', async () => {
    const first = await zipped([entry('a.txt', ['one', 'two'])]);
    expect(sha256(await zipped([entry('a.txt', ['on', 'etwo'])]))).toBe(sha256(first));
    // The hour 01:30 of that night does not exist in half of Europe.
    const { lastModFileTime, lastModFileDate } = (await entriesOf(first))[0]!;
    expect({ hour: lastModFileTime >> 11, minute: (lastModFileTime >> 5) & 63, day: lastModFileDate & 31 }).toEqual({
      hour: 1,
      minute: 30,
      day: 29,
    });
  });

  it('opens one entry at a time and no entry before it is its turn', async () => {
    const open: string[] = [];
    const entries = ['a', 'b', 'c'].map((name) => ({
      name,
      compress: false,
      content: async function* () {
        open.push(`+${name}`);
        yield name;
        open.push(`-${name}`);
      },
    }));
    await zipped(entries);
    expect(open).toEqual(['+a', '-a', '+b', '-b', '+c', '-c']);
  });

  it('throws what an entry throws', async () => {
    const failing = {
      name: 'a',
      compress: true,
      content: async function* () {
        yield 'x';
        throw new Error('the cursor is gone');
      },
    };
    await expect(zipped([failing])).rejects.toThrow('the cursor is gone');
  });
});

function entry(name: string, content: string[]): ZipEntry {
  return { name, content: () => content, compress: true };
}

async function zipped(entries: ZipEntry[]): Promise<Buffer> {
  return buffer(Readable.from(writeZip(entries, AT)));
}

const openZip = promisify<Buffer, { lazyEntries: boolean }, ZipFile>(fromBuffer as never);

async function entriesOf(zip: Buffer): Promise<Entry[]> {
  const file = await openZip(zip, { lazyEntries: false });
  const entries: Entry[] = [];
  await new Promise((resolve, reject) =>
    file
      .on('entry', (found: Entry) => entries.push(found))
      .on('end', resolve)
      .on('error', reject),
  );
  return entries;
}

async function readZip(zip: Buffer): Promise<Record<string, string>> {
  const file = await openZip(zip, { lazyEntries: true });
  const texts: Record<string, string> = {};
  for await (const found of file.eachEntry()) {
    texts[found.fileName] = (await buffer(await file.openReadStreamPromise(found))).toString();
  }
  return texts;
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
