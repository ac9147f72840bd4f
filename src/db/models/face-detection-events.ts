import type { Knex } from 'knex';

/** One row of `face_detection_events`, as stored. */
export type FaceDetectionEventRow = {
  id: number;
  camera_id: string;
  detection_id: number | null;
  detected_at: Date | null;
  /** Footage time. */
  seen_at: Date;
  bbox: [x1: number, y1: number, x2: number, y2: number];
  model_id: string;
  confidence: number;
  quality_score: number | null;
  created_at: Date;
};

export type NewFaceDetectionEvent = Omit<FaceDetectionEventRow, 'id' | 'created_at'>;

export async function insertFaces(trx: Knex.Transaction, faces: readonly NewFaceDetectionEvent[]): Promise<void> {
  if (faces.length > 0) await trx('face_detection_events').insert(faces.map((face) => ({ ...face, bbox: JSON.stringify(face.bbox) })));
}
