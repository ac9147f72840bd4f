import type { Knex } from 'knex';

/** One row of `plate_reads`, as stored. */
export type PlateReadRow = {
  id: number;
  camera_id: string;
  detection_id: number | null;
  detected_at: Date | null;
  /** Footage time. */
  read_at: Date;
  bbox: [x1: number, y1: number, x2: number, y2: number];
  model_id: string;
  /** Null: located, not read. */
  plate_text: string | null;
  raw_text: string | null;
  detection_confidence: number;
  ocr_confidence: number | null;
  image_quality_score: number | null;
  is_enhanced: boolean;
  is_blurry: boolean | null;
  created_at: Date;
};

export type LocatedPlate = Pick<
  PlateReadRow,
  | 'camera_id'
  | 'detection_id'
  | 'detected_at'
  | 'read_at'
  | 'bbox'
  | 'model_id'
  | 'detection_confidence'
  | 'image_quality_score'
  | 'is_blurry'
>;

/** Plates that were found and not read. */
export async function insertLocatedPlates(trx: Knex.Transaction, plates: readonly LocatedPlate[]): Promise<void> {
  if (plates.length > 0) await trx('plate_reads').insert(plates.map((plate) => ({ ...plate, bbox: JSON.stringify(plate.bbox) })));
}
