import { insertLocatedPlates } from '../../../db/models/plate-reads.ts';
import { openBoxFinder, type FoundBox } from '../open-box-finder.ts';
import type { TrackEnrichment } from '../track-enrichment.ts';

/** What the makers of the model use, too. */
const GATE = 0.8;

/** Where licence plates of vehicles are. What they say takes a model that reads, which there is none for: `text` stays null. */
export const licensePlates: TrackEnrichment<FoundBox[]> = {
  name: 'license_plates',
  setting: 'plates',
  trigger: { groups: ['vehicle'], cropsPerTrack: 5, minHeightPx: 64, margin: 0 },
  task: 'plates',
  isOptional: false,
  table: 'plate_reads',
  open: (model, device) => openBoxFinder(model, { device, gate: GATE }),
  toNote: (found) =>
    found.map(({ confidence, bbox, quality }) => ({
      confidence,
      bbox,
      text: null,
      ...(quality === null ? {} : { quality_score: quality.score }),
    })),
  count: (found) => found.length,
  async save(trx, looked, modelId) {
    const rows = looked.flatMap(({ cameraId, detectionId, detectedAt, result }) =>
      result.map(({ confidence, bbox, quality }) => ({
        camera_id: cameraId,
        detection_id: detectionId,
        detected_at: detectedAt,
        read_at: detectedAt,
        bbox,
        model_id: modelId,
        detection_confidence: confidence,
        image_quality_score: quality?.score ?? null,
        is_blurry: quality?.issues.includes('blurry') ?? null,
      })),
    );
    await insertLocatedPlates(trx, rows);
  },
};
