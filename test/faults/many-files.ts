import { closeSync, linkSync, mkdirSync, openSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

/**
 * `empty`: files without a byte, in one folder. `linked`: names of 20 files. `nested`: the same in folders of folders, 1,000 in each.
 * `distinct`: pictures that all differ. `others`: nothing that is footage, but for one picture.
 */
export const SHAPES = ['empty', 'linked', 'nested', 'distinct', 'others'] as const;
export type Shape = (typeof SHAPES)[number];

const FIRST_MS = Date.parse('2026-01-01T00:00:00Z');
const OLD = new Date('2026-02-01T00:00:00Z');
/** A file has no more than 65,000 names on ext4. */
const NAMES_A_FILE = 50_000;
const IN_A_FOLDER = 1_000;

/** Makes files as from one camera, one a second. Calls that wait cost less than promises a million times over. */
export async function makeManyFiles(shape: Shape, root: string, count: number): Promise<void> {
  const picture = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#607060' } })
    .jpeg()
    .toBuffer();
  const contentOf = (index: number): Buffer => Buffer.concat([picture, Buffer.from(`#${String(index)}`)]);
  const put = PUT[shape];
  mkdirSync(join(root, 'cam1'), { recursive: true });
  for (let index = 0; index < count; index += 1) {
    const stamp = new Date(FIRST_MS + index * 1000).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '_');
    put({ folder: join(root, 'cam1'), name: `cam1.${stamp}.jpg`, index, contentOf });
  }
}

type Place = { folder: string; name: string; index: number; contentOf: (index: number) => Buffer };

const PUT: Readonly<Record<Shape, (place: Place) => void>> = {
  empty: ({ folder, name }) => {
    closeSync(openSync(join(folder, name), 'w'));
  },
  linked: ({ folder, ...place }) => {
    putLink(folder, { folder, ...place });
  },
  nested: ({ folder, index, ...place }) => {
    const number = Math.floor(index / IN_A_FOLDER);
    const inner = join(folder, String(Math.floor(number / 100)), String(number % 100));
    if (index % IN_A_FOLDER === 0) mkdirSync(inner, { recursive: true });
    putLink(inner, { folder, index, ...place });
  },
  distinct: ({ folder, name, index, contentOf }) => {
    writeOld(join(folder, name), contentOf(index));
  },
  others: ({ folder, name, index, contentOf }) => {
    if (index === 0) writeOld(join(folder, name), contentOf(index));
    else closeSync(openSync(join(folder, name.replace('.jpg', '.txt')), 'w'));
  },
};

function putLink(inner: string, { folder, name, index, contentOf }: Place): void {
  const original = join(folder, '..', `original-${String(Math.floor(index / NAMES_A_FILE))}`);
  if (index % NAMES_A_FILE === 0) writeOld(original, contentOf(index));
  linkSync(original, join(inner, name));
}

function writeOld(path: string, content: Buffer): void {
  writeFileSync(path, content);
  utimesSync(path, OLD, OLD);
}
