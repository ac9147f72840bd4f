import { PassThrough, Readable } from 'node:stream';
import { ZipFile } from 'yazl';

/** One file inside a zip; `content` is opened when its turn comes, so that only one is read at a time. */
export type ZipEntry = {
  /** Relative, with `/`. */
  name: string;
  content: () => AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;
  /** What is compressed already (JPEG, MP4) is stored as it is. */
  compress: boolean;
};

const FILE_MODE = 0o100600;

/**
 * A zip file (PKWARE APPNOTE 6.3.10; zip64 where it has to be) as chunks of bytes, read by whoever writes it and no faster. Its entries come in
 * the order given; the same entries at the same `at` give the same bytes, on machines in any time zone. What an entry throws is thrown here.
 */
export async function* writeZip(entries: Iterable<ZipEntry> | AsyncIterable<ZipEntry>, at: Date, comment = ''): AsyncIterable<Uint8Array> {
  const zip = new ZipFile();
  const out = new PassThrough();
  zip.outputStream.pipe(out);
  zip.on('error', (error: Error) => out.destroy(error));
  void addAll(zip, entries, at)
    .then(() => {
      zip.end({ comment, forceZip64Format: false });
    })
    .catch((error: unknown) => out.destroy(error instanceof Error ? error : new Error(String(error))));
  for await (const chunk of out) yield chunk as Uint8Array;
}

async function addAll(zip: ZipFile, entries: Iterable<ZipEntry> | AsyncIterable<ZipEntry>, at: Date): Promise<void> {
  const options = { mtime: asLocalTime(at), mode: FILE_MODE, forceDosTimestamp: true };
  for await (const { name, content, compress } of entries) {
    await new Promise<void>((resolve, reject) => {
      zip.addReadStreamLazy(name, { ...options, compress }, (give) => {
        const stream = Readable.from(content(), { objectMode: false });
        stream.once('end', resolve).once('error', reject);
        give(null, stream);
      });
    });
  }
}

/** The times of a zip have no zone and the library writes the machine's: this makes it write UTC. */
function asLocalTime(at: Date): Date {
  return new Date(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate(), at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds());
}
