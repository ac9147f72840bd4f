import { writeOut } from './write-out.ts';

const CHUNK_CHARACTERS = 64 * 1024;

type JsonList = { key: string; items: AsyncIterable<object> };

/** Prints one JSON document as `JSON.stringify(…, 2)` would, with a list in it that need not fit into memory: `value` has an empty list at `key`. */
export async function printJsonWithList(value: object, { key, items }: JsonList): Promise<void> {
  const text = JSON.stringify(value, undefined, 2);
  const place = `\n  ${JSON.stringify(key)}: []`;
  const at = text.indexOf(place);
  if (at === -1) throw new Error(`no empty list at ${key}`);
  let waiting = text.slice(0, at + place.length - 1);
  let isEmpty = true;
  for await (const item of items) {
    waiting += `${isEmpty ? '' : ','}\n    ${JSON.stringify(item, undefined, 2).replaceAll('\n', '\n    ')}`;
    isEmpty = false;
    if (waiting.length < CHUNK_CHARACTERS) continue;
    await writeOut(waiting);
    waiting = '';
  }
  await writeOut(`${waiting}${isEmpty ? '' : '\n  '}${text.slice(at + place.length - 1)}\n`);
}
