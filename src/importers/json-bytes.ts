import { ImportError } from './import-error.ts';

const MAX_DEPTH = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);
const SPACES = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** Where in a value a chunk ended. */
type Place = { depth: number; inText: boolean; isEscaped: boolean };

/** The bytes of a JSON document, value by value. Nothing is held but the chunk at hand and the value that is asked for. */
export class JsonBytes {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array();
  #at = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** So many bytes, or as many as there are; they are not taken. */
  async head(count: number): Promise<Uint8Array> {
    while (this.#chunk.length - this.#at < count) {
      const next = await this.#chunks.next();
      if (next.done === true) break;
      this.#chunk = Buffer.concat([this.#chunk.subarray(this.#at), next.value]);
      this.#at = 0;
    }
    return this.#chunk.subarray(this.#at, this.#at + count);
  }

  passOver(bytes: number): void {
    this.#at += bytes;
  }

  /** The next byte that is no space, which is not taken; undefined at the end. */
  async peek(): Promise<number | undefined> {
    while (await this.#fill()) {
      while (this.#at < this.#chunk.length) {
        const byte = this.#chunk[this.#at] ?? 0;
        if (!SPACES.has(byte)) return byte;
        this.#at += 1;
      }
    }
    return undefined;
  }

  /** Takes the next byte that is no space. Throws ImportError unless it is this one. */
  async take(byte: number): Promise<void> {
    if ((await this.peek()) !== byte) throw await this.#broken(`has no ${String.fromCharCode(byte)} where one must be`);
    this.#at += 1;
  }

  /** The text of the next value. Throws ImportError for one that is larger. */
  async read(maxBytes: number): Promise<string> {
    const held: Uint8Array[] = [];
    let bytes = 0;
    for await (const piece of this.#pieces()) {
      bytes += piece.length;
      if (bytes > maxBytes) throw new ImportError(`has a part of more than ${String(maxBytes)} bytes`);
      held.push(piece);
    }
    return Buffer.concat(held).toString();
  }

  /** Passes over the next value: only its end is looked for. */
  async skip(): Promise<void> {
    let bytes = 0;
    for await (const piece of this.#pieces()) bytes += piece.length;
    if (bytes === 0) throw await this.#broken('lacks a value');
  }

  /** Tells the source that no more is wanted: it may hold a file open. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #broken(what: string): Promise<ImportError> {
    return new ImportError((await this.peek()) === undefined ? 'ends in the middle: was it written to its end?' : `is not JSON: ${what}`);
  }

  async *#pieces(): AsyncGenerator<Uint8Array> {
    const place: Place = { depth: 0, inText: false, isEscaped: false };
    await this.peek();
    while (await this.#fill()) {
      const start = this.#at;
      const end = endOfValue(this.#chunk, start, place);
      this.#at = end ?? this.#chunk.length;
      yield this.#chunk.subarray(start, this.#at);
      if (end !== undefined) return;
    }
    throw await this.#broken('');
  }

  async #fill(): Promise<boolean> {
    while (this.#at >= this.#chunk.length) {
      const next = await this.#chunks.next();
      if (next.done === true) return false;
      this.#chunk = next.value;
      this.#at = 0;
    }
    return true;
  }
}

/** The index after the value that goes on at `from`; undefined where it goes on beyond the chunk. */
function endOfValue(chunk: Uint8Array, from: number, place: Place): number | undefined {
  for (let at = from; at < chunk.length; at += 1) {
    const end = step(chunk[at] ?? 0, place);
    if (end !== undefined) return at + end;
  }
  return undefined;
}

/** 0 where the value ended before this byte, 1 where it ends with it. */
function step(byte: number, place: Place): 0 | 1 | undefined {
  if (place.inText) return endsText(byte, place) && place.depth === 0 ? 1 : undefined;
  if (byte === QUOTE) place.inText = true;
  else if (OPENING.has(byte)) deepen(place);
  else if (CLOSING.has(byte)) return rise(place);
  else if (place.depth === 0 && (byte === COMMA || SPACES.has(byte))) return 0;
  return undefined;
}

function endsText(byte: number, place: Place): boolean {
  if (place.isEscaped) place.isEscaped = false;
  else if (byte === BACKSLASH) place.isEscaped = true;
  else if (byte === QUOTE) place.inText = false;
  return !place.inText;
}

function deepen(place: Place): void {
  place.depth += 1;
  if (place.depth > MAX_DEPTH) throw new ImportError(`is nested more than ${String(MAX_DEPTH)} deep`);
}

/** A bracket that closes nothing of the value closes what is around it. */
function rise(place: Place): 0 | 1 | undefined {
  if (place.depth === 0) return 0;
  place.depth -= 1;
  return place.depth === 0 ? 1 : undefined;
}
