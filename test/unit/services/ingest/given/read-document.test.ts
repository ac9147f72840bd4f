import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readDocuments, type GivenRequest } from '../../../../../src/services/ingest/given/read-document.ts';

const IMAGES = {
  images: [{ id: 1, file_name: 'a.jpg' }],
  categories: [],
  annotations: [{ image_id: 1, category_id: 1, bbox: [1, 2, 3, 4] }],
};
const RESULTS = [{ image_id: 1, category_id: 1, bbox: [1, 2, 3, 4], score: 0.5 }];

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-documents-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function write(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function read(request: GivenRequest): Promise<{ kinds: string[]; sha256: string[] }> {
  const kinds: string[] = [];
  const sha256: string[] = [];
  for await (const record of readDocuments(request, (hash) => sha256.push(hash))) kinds.push(record.kind);
  return { kinds, sha256 };
}

test.each<[string, string | Uint8Array, string]>([
  ['nothing', '', 'is empty'],
  ['gzip', gzipSync('{}'), 'is compressed: unpack it first (gunzip)'],
  ['UTF-16', Buffer.from('\ufeff{"images": []}', 'utf16le'), 'is not UTF-8: save it as UTF-8 first'],
  ['half a document', '{"images": [{"file": "a.jpg", "detec', 'ends in the middle: was it written to its end?'],
  ['COCO', JSON.stringify(IMAGES), 'is not as MegaDetector writes it; is it COCO (--from coco)?'],
])('%s is refused in one line that begins with its path', async (_, content, message) => {
  const path = await write('broken.json', content);
  await expect(read({ format: 'megadetector', path })).rejects.toMatchObject({ exitCode: 2, message: `${path} ${message}` });
});

test('what is no file is refused', async () => {
  await expect(read({ format: 'coco', path: folder })).rejects.toMatchObject({ exitCode: 2, message: `${folder} is no regular file` });
  const path = join(folder, 'gone.json');
  await expect(read({ format: 'coco', path })).rejects.toMatchObject({ exitCode: 2, message: `there is no file ${path}` });
});

test('results go with the images of another document, whose annotations do not count', async () => {
  const path = await write('results.json', JSON.stringify(RESULTS));
  const imagesPath = await write('images.json', JSON.stringify(IMAGES));
  const both = await read({ format: 'coco', path, imagesPath });
  expect(both.kinds).toEqual(['image', 'box']);
  expect(new Set(both.sha256).size).toBe(2);
  expect(await read({ format: 'coco', path: imagesPath })).toMatchObject({ kinds: ['image', 'box'], sha256: [both.sha256[0]] });
});
