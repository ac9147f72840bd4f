import type { Knex } from 'knex';

import type { Size } from '../../domain/box.ts';
import type { Device } from '../../inference/devices.ts';
import type { FinderTask } from '../../inference/model-card.ts';
import type { InstalledDetector } from '../../inference/model-store.ts';
import type { ReadCrop } from '../entities/read-crops.ts';
import type { EnrichSettings } from './enrich-settings.ts';

/** A loaded model that looks at crops. */
export type CropReader<Result> = {
  /** The size a crop is scaled to before `read`. */
  planInput(crop: Size): Size;
  read(crop: ReadCrop): Promise<Result>;
  close(): Promise<void>;
};

/** A crop that was looked at, and what was found. Plain data: it comes from another process. */
export type LookedAt<Result> = { cameraId: string; detectionId: number; detectedAt: Date; result: Result };

/**
 * A look at the best crops of confirmed tracks with a model of its own, when those are derived. `open` runs in a worker process, the
 * rest where the database is. A new one is a file in `stages/` and a line in `track-enrichments.ts`.
 */
export type TrackEnrichment<Result = unknown> = {
  /** Key in `enrichment_data`; that it is there says that the enrichment looked. */
  name: string;
  /** Its key below `enrich`. */
  setting: keyof EnrichSettings;
  trigger: {
    /** Class groups of the tracks. */
    groups: readonly string[];
    cropsPerTrack: number;
    minHeightPx: number;
    /** Share of its size that a box is enlarged by on each side. */
    margin: number;
  };
  /** What its model must be for. */
  task: Exclude<FinderTask, 'detection'>;
  /** Whether it is on just in case: nothing is said when there is no model. */
  isOptional: boolean;
  table: 'face_detection_events' | 'plate_reads' | 'threat_detections';
  open(model: InstalledDetector, device: Device): Promise<CropReader<Result>>;
  /** What is noted with the detection. */
  toNote(result: Result): unknown;
  /** How many things were found. */
  count(result: Result): number;
  save(trx: Knex.Transaction, looked: readonly LookedAt<Result>[], modelId: string): Promise<void>;
};
