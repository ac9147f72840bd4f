import type { Knex } from 'knex';

import { upsertReidEmbeddings, type NewReidEmbedding } from '../../db/models/reid-embeddings.ts';
import { findCropsToEmbed, nextTracks, type CropRow, type TrackCursor, type TrackScope } from '../../db/queries/track-crops.ts';
import { MAX_CROPS, MIN_CROP_HEIGHT_PX } from '../../domain/household/appearance.ts';
import type { Embedder } from '../../inference/embedder.ts';
import type { FfmpegTools } from '../../media/ffmpeg/locate-ffmpeg.ts';
import { MediaError } from '../../media/media-error.ts';
import { byFile } from './by-file.ts';
import { readCrops } from './read-crops.ts';

export type EmbedOptions = {
  scope: TrackScope;
  embedder: Embedder;
  tools: () => Promise<FfmpegTools>;
  signal: AbortSignal;
  onProgress?: ((tally: EmbedTally) => void) | undefined;
  onProblem?: ((problem: CropProblem) => void) | undefined;
};

export type CropProblem = { path: string; code: string; message: string };

export type EmbedTally = {
  tracks: number;
  /** Crops that got a vector. */
  crops: number;
  /** Crops whose footage is gone. */
  lost: number;
  /** Files that are there and could not be read. */
  failed_files: number;
};

/** A page is what is in memory at once: its crops are some bytes each, and one picture. */
const TRACKS_AT_ONCE = 200;

/** Gives the best crops of confirmed tracks their vectors, from the footage, where they have none of this model yet. File by file. */
export async function embedTracks(knex: Knex, options: EmbedOptions): Promise<EmbedTally> {
  const tally: EmbedTally = { tracks: 0, crops: 0, lost: 0, failed_files: 0 };
  let after: TrackCursor | undefined;
  for (;;) {
    const tracks = await nextTracks(knex, options.scope, { after, limit: TRACKS_AT_ONCE });
    after = tracks.at(-1);
    if (after === undefined) return tally;
    await embedPage(knex, { ...options, trackIds: tracks.map(({ id }) => id), tally });
    tally.tracks += tracks.length;
    options.onProgress?.(tally);
  }
}

type Page = EmbedOptions & { trackIds: readonly number[]; tally: EmbedTally };

async function embedPage(knex: Knex, page: Page): Promise<void> {
  const { trackIds, embedder, tally, signal } = page;
  const selection = { minHeightPx: MIN_CROP_HEIGHT_PX, perTrack: MAX_CROPS };
  for (const rows of byFile(await findCropsToEmbed(knex, { trackIds, modelId: embedder.card.id, selection }))) {
    signal.throwIfAborted();
    const embeddings = await embedFile(rows, page);
    await upsertReidEmbeddings(knex, embeddings);
    tally.crops += embeddings.length;
    page.onProgress?.(tally);
  }
}

async function embedFile(rows: readonly CropRow[], { embedder, tools, tally, signal, onProblem }: Page): Promise<NewReidEmbedding[]> {
  const embeddings: NewReidEmbedding[] = [];
  try {
    for await (const { row, picture, original } of readCrops(rows, { tools, signal, scaleTo: (crop) => embedder.planInput(crop) })) {
      const vector = await embedder.embed(picture, original);
      embeddings.push({ detection_id: row.detection_id, detected_at: row.detected_at, model_id: embedder.card.id, vector });
    }
    tally.lost += rows.length - embeddings.length;
  } catch (error) {
    if (!(error instanceof MediaError)) throw error;
    if (error.code === 'vanished') tally.lost += rows.length - embeddings.length;
    else tally.failed_files += 1;
    onProblem?.({ path: rows[0]?.path ?? '', code: error.code, message: error.message });
  }
  return embeddings;
}
