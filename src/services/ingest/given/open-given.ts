import { createHash } from 'node:crypto';
import { basename } from 'node:path';

import type { Database } from '../../../db/database.ts';
import { GivenTable, type GivenMatch, type NewGivenBox } from '../../../db/given-detections.ts';
import type { MediaFileRow } from '../../../db/models/media-files.ts';
import { keepsLabel } from '../../../domain/classes.ts';
import { groupBy } from '../../../lib/group-by.ts';
import type { Given } from '../worker/analysis-task.ts';
import { namesOf } from './file-names.ts';
import { countLeftOut, type GivenTally } from './given-tally.ts';
import { loadGiven, type LoadedGiven } from './load-given.ts';
import type { GivenRequest } from './read-document.ts';
import { toGiven } from './to-given.ts';

export type OpenGivenOptions = {
  database: Database;
  request: GivenRequest;
  detector: { floor: number; maxBoxes: number; classes: readonly string[] };
  /** Real paths: names in documents begin at one of them. */
  roots: readonly string[];
  signal: AbortSignal;
  onEntries: (count: number) => void;
};

/** Detections made elsewhere, ready to be asked for file by file. */
export type GivenSource = {
  modelId: string;
  /** Of all that was read. */
  sha256: string;
  tally: GivenTally;
  /** To be told of every listed file before any is asked for: a name may stand for two. */
  noteListed(paths: readonly string[]): Promise<void>;
  find(rows: readonly MediaFileRow[]): Promise<Map<number, Given>>;
  /** To be called when everything was listed. */
  countUnlisted(): Promise<void>;
  close(): Promise<void>;
};

export async function openGiven(options: OpenGivenOptions): Promise<GivenSource> {
  const { database, request, detector, signal, onEntries } = options;
  const table = await GivenTable.open(database);
  try {
    const loaded = await loadGiven(table, { request, scoreFloor: detector.floor, signal, onEntries });
    const labels = await keptLabels(table, loaded, detector.classes);
    return toSource(table, { ...options, loaded, labels });
  } catch (error) {
    await table.close();
    throw error;
  }
}

type SourceParts = Pick<OpenGivenOptions, 'request' | 'roots' | 'detector'> & { loaded: LoadedGiven; labels: ReadonlyMap<string, string> };

function toSource(table: GivenTable, { request, roots, detector, loaded, labels }: SourceParts): GivenSource {
  const { tally } = loaded;
  const sha256 = loaded.sha256.length === 1 ? (loaded.sha256[0] ?? '') : hashOf(loaded.sha256);
  const document = basename(request.path);
  const toGivenOf = (
    row: MediaFileRow,
    { matches, boxes }: { matches: readonly GivenMatch[]; boxes: ReadonlyMap<string, NewGivenBox[]> },
  ) =>
    toGiven(row, {
      document,
      matches,
      boxesOf: (image) => boxes.get(image) ?? [],
      labelOf: (category) => labels.get(category),
      maxBoxes: detector.maxBoxes,
      leftOut: (reason, count) => {
        countLeftOut(tally, reason, count);
      },
    });
  return {
    modelId: modelIdOf(request, { detector: loaded.detector, sha256 }),
    sha256,
    tally,
    noteListed: (paths) => table.noteListed(paths.map((path) => namesOf({ id: 0, path }, roots))),
    async find(rows) {
      const matches = groupBy(await table.findMatches(rows.map((row) => namesOf(row, roots))), ({ fileId }) => fileId);
      const ids = [...matches.values()].flat().map(({ id }) => id);
      const boxes = groupBy(await table.findBoxes(ids), ({ image }) => image);
      return new Map(rows.map((row) => [row.id, toGivenOf(row, { matches: matches.get(row.id) ?? [], boxes })]));
    },
    async countUnlisted() {
      tally.unlisted = await table.countUnlisted();
    },
    close: () => table.close(),
  };
}

/** By category, those that are kept; the others are counted. */
async function keptLabels(table: GivenTable, { labels, tally }: LoadedGiven, classes: readonly string[]): Promise<Map<string, string>> {
  const kept = new Map<string, string>();
  for (const { category, count } of await table.countCategories()) {
    const label = labels.get(category);
    if (label === undefined) countLeftOut(tally, 'no_category', count);
    else if (keepsLabel(classes, label)) kept.set(category, label);
    else tally.otherClasses[label] = (tally.otherClasses[label] ?? 0) + count;
  }
  return kept;
}

const MAX_MODEL_ID = 100;

/** The detector as the document names it, else the document itself. */
function modelIdOf({ format }: GivenRequest, { detector, sha256 }: { detector: string | undefined; sha256: string }): string {
  const name = basename(detector?.replaceAll('\\', '/') ?? '')
    .replace(/\.(pt|pb|onnx)$/i, '')
    .replaceAll(/[^\x20-\x7e]/g, '')
    .trim();
  return `${format}:${name === '' ? sha256.slice(0, 12) : name}`.slice(0, MAX_MODEL_ID);
}

function hashOf(texts: readonly string[]): string {
  return createHash('sha256').update(texts.join('\n')).digest('hex');
}
