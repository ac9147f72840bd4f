import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

import { UsageError } from '../../../errors/hs-error.ts';
import type { GivenReader, GivenRecord } from '../../../importers/boxes/given-record.ts';
import { COCO_PARTS, readCoco, readCocoImages, readCocoResults } from '../../../importers/boxes/read-coco.ts';
import { MEGADETECTOR_PARTS, readMegadetector } from '../../../importers/boxes/read-megadetector.ts';
import { ImportError } from '../../../importers/import-error.ts';
import { splitJson, type SplitOptions } from '../../../importers/split-json.ts';
import { hashed } from '../../../lib/hashed.ts';

export const GIVEN_FORMATS = ['megadetector', 'coco'] as const;

/** Detections made elsewhere. `imagesPath`: of COCO results, the document that has their images and categories. */
export type GivenRequest = { format: (typeof GIVEN_FORMATS)[number]; path: string; imagesPath?: string | undefined };

const CHUNK_BYTES = 1024 * 1024;

/** Reads the documents once. `onEnd` is told the SHA-256 of each. Throws UsageError for one that cannot be read as what it is said to be. */
export async function* readDocuments(request: GivenRequest, onEnd: (sha256: string) => void): AsyncGenerator<GivenRecord> {
  const { format, path, imagesPath } = request;
  if (format === 'megadetector') yield* readDocument(path, { parts: MEGADETECTOR_PARTS, reader: readMegadetector, onEnd });
  else if (imagesPath === undefined) yield* readDocument(path, { parts: COCO_PARTS, reader: readCoco, onEnd });
  else {
    yield* readDocument(imagesPath, { parts: COCO_PARTS, reader: readCocoImages, onEnd });
    yield* readDocument(path, { parts: COCO_PARTS, reader: readCocoResults, onEnd });
  }
}

type DocumentOptions = { parts: SplitOptions; reader: GivenReader; onEnd: (sha256: string) => void };

async function* readDocument(path: string, { parts, reader, onEnd }: DocumentOptions): AsyncGenerator<GivenRecord> {
  const hash = createHash('sha256');
  try {
    yield* reader(splitJson(hashed(readChunks(path), hash), parts));
  } catch (error) {
    if (error instanceof ImportError) throw new UsageError(`${path} ${error.message}`, { code: 'detections_unusable' });
    throw toUnreadable(error, path);
  }
  onEnd(hash.digest('hex'));
}

async function* readChunks(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  try {
    if (!(await file.stat()).isFile()) throw new ImportError('is no regular file');
    yield* file.createReadStream({ highWaterMark: CHUNK_BYTES, autoClose: false }) as AsyncIterable<Buffer>;
  } finally {
    await file.close();
  }
}

function toUnreadable(error: unknown, path: string): unknown {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return new UsageError(`there is no file ${path}`, { code: 'not_found' });
  return error;
}
