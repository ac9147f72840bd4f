import { join } from 'node:path';

import type { Knex } from 'knex';

import type { TrackScope } from '../../db/queries/track-crops.ts';
import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { UnavailableError, UsageError } from '../../errors/hs-error.ts';
import { DEVICES, isDevice } from '../../inference/devices.ts';
import { createEmbedder, type Embedder } from '../../inference/embedder.ts';
import { chooseEmbedder, openModelStore, type InstalledEmbedder } from '../../inference/model-store.ts';
import { locateFfmpeg, type FfmpegTools } from '../../media/ffmpeg/locate-ffmpeg.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import { inTransaction } from '../lists/in-transaction.ts';
import { resolveScope, type ListScope } from '../lists/resolve-scope.ts';
import { embedTracks, type CropProblem, type EmbedTally } from './embed-tracks.ts';
import { identifyNewTracks, type IdentifyTally } from './identify-tracks.ts';
import { reclusterTracks } from './recluster-tracks.ts';

export type RecogniseSettings = ZoneSettings & {
  home: string;
  detector: { device: string };
  ffmpeg?: string | undefined;
  ffprobe?: string | undefined;
};

export type RecogniseOptions = {
  settings: RecogniseSettings;
  /** Embedding model; else the most preferred installed one. */
  model?: string | undefined;
  /** Footage whose tracks get vectors. */
  scope: ListScope;
  /** Everything anew, instead of what nobody was found for yet. */
  anew: boolean;
  actor: string;
  signal: AbortSignal;
  onProgress?: (tally: EmbedTally) => void;
  onProblem?: (problem: CropProblem) => void;
};

export type RecogniseOutcome = { model: string } & EmbedTally & IdentifyTally;

/** Gives tracks their vectors and says who they are. Throws UnavailableError when no embedding model is installed. */
export async function recognise(knex: Knex, options: RecogniseOptions): Promise<RecogniseOutcome> {
  const { settings, anew, actor } = options;
  const model = await findEmbedder(settings, options.model);
  const scope: TrackScope = { groups: model.card.subjects, ...(await resolveScope(knex, options.scope, settings)) };
  const embedded = await withEmbedder(model, settings, (embedder) =>
    embedTracks(knex, { ...options, scope, embedder, tools: toolsOf(settings) }),
  );
  const identified = await inTransaction(knex, { dryRun: false }, async (trx) => {
    const tally = await (anew ? reclusterTracks : identifyNewTracks)(trx, model);
    if (anew) {
      const details = { rebuilt: { ...tally, model: model.card.id } };
      await insertAuditLog(trx, { action: 'entity_updated', resource_type: 'entity', actor, details });
    }
    return tally;
  });
  return { model: model.card.id, ...embedded, ...identified };
}

/** The embedding model that was named, else the most preferred installed one. Throws UnavailableError without any. */
export async function findEmbedder({ home }: Pick<RecogniseSettings, 'home'>, name?: string): Promise<InstalledEmbedder> {
  const model = await chooseEmbedder(openModelStore(home), name);
  if (model !== undefined) return model;
  throw new UnavailableError('model_not_installed', 'no embedding model is installed: nobody can be recognised', {
    hint: '`hs models list` shows those with the task embedding; `hs models install NAME --from FILE`',
  });
}

/** Loads the model, hands it to `use` and takes it down whatever happens. */
export async function withEmbedder<Result>(
  model: InstalledEmbedder,
  { detector: { device } }: Pick<RecogniseSettings, 'detector'>,
  use: (embedder: Embedder) => Promise<Result>,
): Promise<Result> {
  if (!isDevice(device)) throw new UsageError(`--device ${JSON.stringify(device)} is none of ${DEVICES.join(', ')}`);
  const embedder = await createEmbedder(model, device);
  try {
    return await use(embedder);
  } finally {
    await embedder.close();
  }
}

/** The decoder is looked for when the first video is to be read. */
export function toolsOf({ ffmpeg, ffprobe, home }: RecogniseSettings): () => Promise<FfmpegTools> {
  let tools: Promise<FfmpegTools> | undefined;
  return () => (tools ??= locateFfmpeg({ ffmpeg, ffprobe, cacheFolder: join(home, 'bin') }));
}
