import type { Knex } from 'knex';

import type { Severity, ThreatType } from '../../domain/enums.ts';
import type { CameraInterval } from './detections.ts';
import {
  deleteResults,
  findResults,
  insertResults,
  listResults,
  type DetectionKey,
  type NewResult,
  type ResultColumns,
} from './detection-results.ts';

/** One row of `threat_detections`, as stored. A detection can have many. */
export type ThreatDetectionRow = ResultColumns & {
  threat_type: ThreatType;
  confidence: number;
  severity: Severity;
  bbox: [x1: number, y1: number, x2: number, y2: number] | null;
};

export type NewThreatDetection = NewResult<ThreatDetectionRow>;

/** A threat as it was seen in a frame that is being stored: the detection it belongs to is known by its file, time, class and box. */
export type SeenThreatRow = {
  fileId: number;
  offsetMs: number;
  label: string;
  box: { x: number; y: number; width: number; height: number };
  type: ThreatType;
  confidence: number;
  severity: Severity;
  bbox: readonly [x1: number, y1: number, x2: number, y2: number];
};

/** Adds threats to detections that were stored in the same transaction. */
export async function insertSeenThreats(trx: Knex.Transaction, threats: readonly SeenThreatRow[]): Promise<void> {
  if (threats.length === 0) return;
  await trx.raw(
    `INSERT INTO threat_detections (detection_id, detected_at, threat_type, confidence, severity, bbox)
     SELECT d.id, d.detected_at, t.type, t.confidence, t.severity, t.bbox
       FROM jsonb_to_recordset(?::jsonb) AS t("fileId" bigint, "offsetMs" integer, label text, box jsonb, type text,
            confidence double precision, severity text, bbox jsonb)
       JOIN media_files f ON f.id = t."fileId"
      CROSS JOIN LATERAL (
            SELECT d.id, d.detected_at FROM detections d
             WHERE d.media_file_id = f.id AND d.detected_at = f.captured_at + t."offsetMs" * interval '1 millisecond'
               AND d.object_type = t.label
               AND d.bbox_x = (t.box->>'x')::integer AND d.bbox_y = (t.box->>'y')::integer
               AND d.bbox_width = (t.box->>'width')::integer AND d.bbox_height = (t.box->>'height')::integer
             ORDER BY d.id LIMIT 1) d`,
    [JSON.stringify(threats)],
  );
}

/** Adds threats to those that these detections have. */
export async function insertThreats(trx: Knex.Transaction, threats: readonly NewThreatDetection[]): Promise<void> {
  await insertResults(trx, 'threat_detections', threats.map(toColumns));
}

/** Replaces all threats of these detections, also by none, so that looking again doubles nothing. */
export async function replaceThreats(
  trx: Knex.Transaction,
  options: { detections: readonly DetectionKey[]; threats: readonly NewThreatDetection[] },
): Promise<void> {
  await deleteResults(trx, 'threat_detections', options.detections);
  await insertResults(trx, 'threat_detections', options.threats.map(toColumns));
}

export async function findThreats(knex: Knex, detections: readonly DetectionKey[]): Promise<ThreatDetectionRow[]> {
  return findResults(knex, 'threat_detections', detections);
}

export async function listThreats(knex: Knex, interval: CameraInterval): Promise<ThreatDetectionRow[]> {
  return listResults(knex, 'threat_detections', interval);
}

function toColumns(threat: NewThreatDetection): Record<string, unknown> {
  return { ...threat, bbox: threat.bbox === null ? null : JSON.stringify(threat.bbox) };
}
