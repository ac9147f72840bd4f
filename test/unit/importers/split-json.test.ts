import { expect, test } from 'vitest';
import { splitJson, type JsonPart } from '../../../src/importers/split-json.ts';

const OPTIONS = { lists: ['images'], members: ['info'] };

/** The document in pieces of so many bytes. */
async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function split(document: string | Uint8Array, size = 7): Promise<JsonPart[]> {
  const bytes = typeof document === 'string' ? Buffer.from(document) : document;
  const parts: JsonPart[] = [];
  for await (const part of splitJson(chunksOf(bytes, size), OPTIONS)) parts.push(part);
  return parts;
}

const elements = (...values: unknown[]): JsonPart[] => values.map((value) => ({ kind: 'element', list: 'images', value }));

test.each<[string, string | Uint8Array, string]>([
  ['nothing', '', 'is empty'],
  ['spaces', ' \n ', 'is empty'],
  ['a page', '<html>', 'begins with neither'],
  ['a text', '"images"', 'begins with neither'],
  ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0), 'is compressed'],
  ['UTF-16 with a mark', Buffer.from('\ufeff{}', 'utf16le'), 'is not UTF-8'],
  ['UTF-16 without one', Buffer.from('{}', 'utf16le'), 'is not UTF-8'],
  ['an open document', '{', 'ends in the middle'],
  ['an end in a list', '{"images": [{"a": 1},', 'ends in the middle'],
  ['an end in a text', '{"images": ["a', 'ends in the middle'],
  ['an end in what is passed over', '{"other": {"a": [1', 'ends in the middle'],
  ['an end after a name', '{"other"', 'ends in the middle'],
  ['a member without a value', '{"other": }', 'lacks a value'],
  ['two documents', '{} {}', 'goes on after its end'],
  ['a missing comma', '{"images": [1 2]}', 'has no ] where one must be'],
  ['an empty element', '{"images": [1,,2]}', 'element 2 of images cannot be read'],
  ['brackets that do not fit', '{"images": [[1}, 2]}', 'element 1 of images cannot be read'],
  ['a name that is none', '{[]: 2}', 'a name is no text'],
  ['a deep hole', `{"images": [${'['.repeat(100_000)}`, 'is nested more than 64 deep'],
  ['a deep hole that is passed over', `{"other": ${'{"a":'.repeat(100_000)}`, 'is nested more than 64 deep'],
  ['a long name', `{"${'a'.repeat(5_000)}": 1}`, 'has a part of more than 1024 bytes'],
])('%s is refused', async (_, document, message) => {
  await expect(split(document, 4_096)).rejects.toThrow(message);
});

test('a huge text is refused before it is held', async () => {
  let given = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('{"images": ["');
    for (;;) yield await Promise.resolve(Buffer.alloc(1_048_576, 'a', ((given += 1), 'utf8')));
  }
  const reading = async (): Promise<void> => {
    for await (const part of splitJson(endless(), OPTIONS)) expect(part).toBeUndefined();
  };
  await expect(reading()).rejects.toThrow('has a part of more than 16777216 bytes');
  expect(given).toBeLessThan(20);
});

test.each<[string, string, JsonPart[]]>([
  ['an empty object', '{}', []],
  ['an empty list', '[]', []],
  ['an empty list inside', '{"images":[ ]}', []],
  ['a list', '[1]', [{ kind: 'element', list: '', value: 1 }]],
  ['a mark at the beginning', '\ufeff{"images":[1]}', elements(1)],
  ['all kinds of values', '{"images":[1,-2.5e3,"a",null,true,{},[]]}', elements(1, -2500, 'a', null, true, {}, [])],
  ['brackets and quotes in texts', String.raw`{"images":["]}\"\\",{"a\"]":"[{"}]}`, elements(']}"\\', { 'a"]': '[{' })],
  ['numbers that are none', '{"images":[{"a":[NaN,-Infinity],"b":"NaN"}]}', elements({ a: [null, null], b: 'NaN' })],
  ['a member', '{"info":{"a":1}}', [{ kind: 'member', name: 'info', value: { a: 1 } }]],
  ['a list that is none', '{"images":{"a":1}}', []],
  ['members nobody asks for', '{"x":[1,{"images":[2]}],"y":"]","z":3 , "images":[4]}', elements(4)],
])('%s', async (_, document, parts) => {
  for (const size of [1, 2, 3, 64]) expect(await split(document, size)).toEqual(parts);
});

test('lets go of its source when the document is broken', async () => {
  let isOpen = true;
  async function* source(): AsyncGenerator<Uint8Array> {
    try {
      yield await Promise.resolve(Buffer.from([0x1f, 0x8b, 0, 0]));
    } finally {
      isOpen = false;
    }
  }
  await expect(splitJson(source(), { lists: [], members: [] }).next()).rejects.toThrow('is compressed');
  expect(isOpen).toBe(false);
});
