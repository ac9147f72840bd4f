import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { fromBuffer, type ZipFile } from 'yauzl';

const openZip = promisify<Buffer, { lazyEntries: boolean }, ZipFile>(fromBuffer as never);

/** Every file in a zip as text, by name, in the order they lie in it. */
export async function readZipTexts(zip: Buffer): Promise<Record<string, string>> {
  const file = await openZip(zip, { lazyEntries: true });
  const texts: Record<string, string> = {};
  for await (const entry of file.eachEntry()) texts[entry.fileName] = await text(await file.openReadStreamPromise(entry));
  return texts;
}
