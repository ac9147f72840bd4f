import { insertFaces } from '../../../db/models/face-detection-events.ts';
import { openBoxFinder, type FoundBox } from '../open-box-finder.ts';
import type { TrackEnrichment } from '../track-enrichment.ts';

const GATE = 0.6;

/** Where faces of people are. Whose they are takes a model that compares faces, which there is none for. */
export const faces: TrackEnrichment<FoundBox[]> = {
  name: 'faces',
  setting: 'faces',
  trigger: { groups: ['person'], cropsPerTrack: 5, minHeightPx: 64, margin: 0 },
  task: 'faces',
  isOptional: false,
  table: 'face_detection_events',
  open: (model, device) => openBoxFinder(model, { device, gate: GATE }),
  toNote: (found) =>
    found.map(({ confidence, bbox, quality }) => ({ confidence, bbox, ...(quality === null ? {} : { quality_score: quality.score }) })),
  count: (found) => found.length,
  async save(trx, looked, modelId) {
    const rows = looked.flatMap(({ cameraId, detectionId, detectedAt, result }) =>
      result.map(({ confidence, bbox, quality }) => ({
        camera_id: cameraId,
        detection_id: detectionId,
        detected_at: detectedAt,
        seen_at: detectedAt,
        bbox,
        model_id: modelId,
        confidence,
        quality_score: quality?.score ?? null,
      })),
    );
    await insertFaces(trx, rows);
  },
};
