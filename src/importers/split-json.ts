import { ImportError } from './import-error.ts';
import { JsonBytes } from './json-bytes.ts';

/** A member of the document, or one element of a list; `list` is the name of the member that is one, '' where the document itself is. */
export type JsonPart = { kind: 'member'; name: string; value: unknown } | { kind: 'element'; list: string; value: unknown };

export type SplitOptions = {
  /** Members whose elements come one by one. All elements of a document that is a list do. */
  lists: readonly string[];
  /** Members that come whole; all others are passed over. */
  members: readonly string[];
};

/** Far above what any writer makes of one picture: 100,000 boxes are 10 MB. */
const MAX_PART_BYTES = 16 * 1024 * 1024;
const MAX_NAME_BYTES = 1024;

const COMMA = 0x2c;
const COLON = 0x3a;
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Cuts a JSON document of any size into its parts while it is read: only the part at hand is in memory, and it alone is parsed. Of what is
 * passed over only the end is looked for. Throws ImportError for what is no such document, ends early or holds too large a part.
 */
export async function* splitJson(chunks: AsyncIterable<Uint8Array>, options: SplitOptions): AsyncGenerator<JsonPart> {
  const bytes = new JsonBytes(chunks);
  try {
    yield* splitDocument(bytes, options);
  } finally {
    await bytes.close();
  }
}

async function* splitDocument(bytes: JsonBytes, options: SplitOptions): AsyncGenerator<JsonPart> {
  bytes.passOver(lengthOfMark(await bytes.head(3)));
  const first = await bytes.peek();
  if (first === OPEN_LIST) yield* splitList(bytes, '');
  else if (first === OPEN_OBJECT) yield* splitObject(bytes, options);
  else throw new ImportError(first === undefined ? 'is empty' : 'is not JSON: it begins with neither { nor [');
  if ((await bytes.peek()) !== undefined) throw new ImportError('goes on after its end');
}

/** Of a byte order mark. Throws ImportError for what is no UTF-8. */
function lengthOfMark(head: Uint8Array): number {
  const begins = (...mark: number[]): boolean => mark.every((byte, index) => head[index] === byte);
  if (begins(0x1f, 0x8b)) throw new ImportError('is compressed: unpack it first (gunzip)');
  if (begins(0xff, 0xfe) || begins(0xfe, 0xff) || head.subarray(0, 2).includes(0)) {
    throw new ImportError('is not UTF-8: save it as UTF-8 first');
  }
  return begins(0xef, 0xbb, 0xbf) ? 3 : 0;
}

async function* splitObject(bytes: JsonBytes, { lists, members }: SplitOptions): AsyncGenerator<JsonPart> {
  await bytes.take(OPEN_OBJECT);
  if ((await bytes.peek()) === CLOSE_OBJECT) return bytes.take(CLOSE_OBJECT);
  for (;;) {
    const name = parse(await bytes.read(MAX_NAME_BYTES), 'a name');
    if (typeof name !== 'string') throw new ImportError('is not JSON: a name is no text');
    await bytes.take(COLON);
    if (lists.includes(name) && (await bytes.peek()) === OPEN_LIST) yield* splitList(bytes, name);
    else if (members.includes(name)) yield { kind: 'member', name, value: parse(await bytes.read(MAX_PART_BYTES), name) };
    else await bytes.skip();
    if ((await bytes.peek()) !== COMMA) return bytes.take(CLOSE_OBJECT);
    await bytes.take(COMMA);
  }
}

async function* splitList(bytes: JsonBytes, list: string): AsyncGenerator<JsonPart> {
  await bytes.take(OPEN_LIST);
  if ((await bytes.peek()) === CLOSE_LIST) return bytes.take(CLOSE_LIST);
  for (let count = 1; ; count += 1) {
    const value = parse(await bytes.read(MAX_PART_BYTES), `element ${String(count)} of ${list === '' ? 'the list' : list}`);
    yield { kind: 'element', list, value };
    if ((await bytes.peek()) !== COMMA) return bytes.take(CLOSE_LIST);
    await bytes.take(COMMA);
  }
}

/** Python writes numbers that are none as NaN and Infinity: null here, for whoever reads the part to refuse. */
const TEXT_OR_NO_NUMBER = /"(?:[^"\\]|\\.)*"|-?Infinity|NaN/gs;

function parse(text: string, where: string): unknown {
  const parsed = tryParse(text) ?? tryParse(text.replace(TEXT_OR_NO_NUMBER, (found) => (found.startsWith('"') ? found : 'null')));
  if (parsed === undefined) throw new ImportError(`is not JSON: ${where} cannot be read`);
  return parsed.value;
}

function tryParse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
