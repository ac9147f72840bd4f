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
