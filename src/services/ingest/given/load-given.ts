import type { GivenTable, NewGivenBox, NewGivenImage } from '../../../db/given-detections.ts';
import { entryKey, foldedKey } from '../../../domain/given/entry-key.ts';
import { UsageError } from '../../../errors/hs-error.ts';
import type { GivenBox, GivenImage, GivenInfo } from '../../../importers/boxes/given-record.ts';
import { countLeftOut, type GivenTally } from './given-tally.ts';
import { readDocuments, type GivenRequest } from './read-document.ts';

/** Rows of one statement. */
const ROWS = 5_000;
const MAX_CATEGORIES = 10_000;

type LoadOptions = { request: GivenRequest; scoreFloor: number; signal: AbortSignal; onEntries: (count: number) => void };

export type LoadedGiven = {
  /** Of the documents, in the order in which they were read. */
  sha256: string[];
  detector: string | undefined;
  /** Labels by the ids of categories. */
  labels: ReadonlyMap<string, string>;
  tally: GivenTally;
};

/** Reads the documents into the table. Throws UsageError for what is no such document, and the signal's reason. */
export async function loadGiven(table: GivenTable, { request, scoreFloor, signal, onEntries }: LoadOptions): Promise<LoadedGiven> {
  const labels = new Map<string, string>();
  const loaded: LoadedGiven = { sha256: [], detector: undefined, labels, tally: emptyTally(request.path) };
  const { tally } = loaded;
  const writer = createWriter(table, onEntries);
  for await (const record of readDocuments(request, (sha256) => loaded.sha256.push(sha256))) {
    signal.throwIfAborted();
    if (record.kind === 'refused') countLeftOut(tally, record.reason);
    else if (record.kind === 'info') noteInfo(loaded, record);
    else if (record.kind === 'category') labels.set(record.id, record.label);
    else if (record.kind === 'image') await writer.image(record);
    else if (record.score < scoreFloor) countLeftOut(tally, 'below_floor');
    else await writer.box(record);
    if (labels.size > MAX_CATEGORIES) throw unusable(request, `has more than ${String(MAX_CATEGORIES)} categories`);
  }
  await writer.flush();
  await finish(table, { request, tally });
  return loaded;
}

function emptyTally(document: string): GivenTally {
  return { document, entries: 0, boxes: 0, leftOut: {}, otherClasses: {} };
}

function noteInfo(loaded: LoadedGiven, { detector, typicalScore }: GivenInfo): void {
  loaded.detector = detector;
  loaded.tally.typicalScore = typicalScore;
}

async function finish(table: GivenTable, { request, tally }: { request: GivenRequest; tally: GivenTally }): Promise<void> {
  const { images, boxes, withoutImage, outside, twice } = await table.finish();
  if (twice !== undefined) throw unusable(request, `has two images with the id ${JSON.stringify(twice)}`);
  tally.entries = images;
  tally.boxes = boxes;
  countLeftOut(tally, 'no_image', withoutImage);
  countLeftOut(tally, 'outside', outside);
}

function unusable({ path, imagesPath }: GivenRequest, why: string): UsageError {
  return new UsageError(`${imagesPath ?? path} ${why}`, { code: 'detections_unusable' });
}

function createWriter(table: GivenTable, onEntries: (count: number) => void) {
  let images: NewGivenImage[] = [];
  let boxes: NewGivenBox[] = [];
  let count = 0;

  async function flush(): Promise<void> {
    const [newImages, newBoxes] = [images, boxes];
    images = [];
    boxes = [];
    await table.addImages(newImages);
    await table.addBoxes(newBoxes);
    onEntries(count);
  }

  async function flushWhenFull(): Promise<void> {
    if (images.length + boxes.length >= ROWS) await flush();
  }

  return {
    flush,
    async image(image: GivenImage): Promise<void> {
      images.push(toRow(image));
      count += 1;
      await flushWhenFull();
    },
    async box({ image, category, score, x, y, width, height, frame }: GivenBox): Promise<void> {
      boxes.push({ image, category, score, x, y, width, height, frame: frame ?? null });
      await flushWhenFull();
    },
  };
}

function toRow({ id, file, offsetMs, width, height, frameRate, frames, failure }: GivenImage): NewGivenImage {
  const key = entryKey(file);
  return {
    id,
    file,
    key,
    folded: foldedKey(key),
    offsetMs: offsetMs ?? null,
    width: width ?? null,
    height: height ?? null,
    frameRate: frameRate ?? null,
    frames: frames ?? null,
    failure: failure ?? null,
  };
}
