import { createHash } from 'node:crypto';
import { writeZip, type ZipEntry } from './write-zip.ts';

/** What `manifest.json` says of the one file beside it. */
export type ZipHead = {
  type: string;
  schemaVersion: number;
  /** Name of the file inside. */
  file: string;
  columns: readonly string[];
  /** Those that were given, times in UTC. */
  filters: Readonly<Record<string, unknown>>;
  /** Rows, without the header. */
  count: number;
  exportedAt: Date;
  /** Of the program. */
  version: string;
};

/** A zip of an encoded export and `manifest.json`, which comes last: it holds size and sha256 of what was written before it. */
export function encodeZip(content: AsyncIterable<string | Uint8Array>, head: ZipHead): AsyncIterable<Uint8Array> {
  const hash = createHash('sha256');
  let bytes = 0;
  const data: ZipEntry = {
    name: head.file,
    compress: true,
    async *content() {
      for await (const given of content) {
        const chunk = typeof given === 'string' ? Buffer.from(given) : given;
        hash.update(chunk);
        bytes += chunk.byteLength;
        yield chunk;
      }
    },
  };
  const manifest: ZipEntry = {
    name: 'manifest.json',
    compress: true,
    content: () => [manifestText(head, { bytes, sha256: hash.digest('hex') })],
  };
  return writeZip([data, manifest], head.exportedAt);
}

function manifestText(head: ZipHead, file: { bytes: number; sha256: string }): string {
  const manifest = {
    schema: `hs-${head.type}-zip`,
    schema_version: head.schemaVersion,
    exported_at: head.exportedAt.toISOString(),
    app_version: head.version,
    filters: head.filters,
    columns: head.columns,
    count: head.count,
    files: { [head.file]: file },
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
