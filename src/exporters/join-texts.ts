const CHUNK_LENGTH = 65_536;

/** Joins short texts into chunks of about 64 K characters, so that a million rows are not a million writes. */
export async function* joinTexts(texts: AsyncIterable<string> | Iterable<string>): AsyncIterable<string> {
  let chunk = '';
  for await (const text of texts) {
    chunk += text;
    if (chunk.length < CHUNK_LENGTH) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
