import { insertLocatedPlates } from '../../../db/models/plate-reads.ts';
import { canBePlate } from '../../../domain/enrichment/plates.ts';
import { openBoxFinder, type FoundBox } from '../open-box-finder.ts';
import type { TrackEnrichment } from '../track-enrichment.ts';

/** The makers of the model use 0.8 and have no measure of what a plate can be; plates drawn on a car scored 0.77 to 0.95. */
const GATE = 0.7;

/** Where licence plates of vehicles are. What they say takes a model that reads, which there is none for: `text` stays null. */
export const licensePlates: TrackEnrichment<FoundBox[]> = {
  name: 'license_plates',
  setting: 'plates',
  trigger: { groups: ['vehicle'], cropsPerTrack: 5, minHeightPx: 64, margin: 0 },
  task: 'plates',
  isOptional: false,
  table: 'plate_reads',
  async open(model, device) {
    const finder = await openBoxFinder(model, { device, gate: GATE });
    return {
      ...finder,
      async read(crop) {
        const found = await finder.read(crop);
        return found.filter(({ bbox: [x1, y1, x2, y2] }) => canBePlate({ width: x2 - x1, height: y2 - y1 }, crop.original));
      },
    };
  },
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
