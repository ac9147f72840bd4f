import type { Knex } from 'knex';

import type { AnalysisStatus, RiskSource, Severity } from '../../../domain/enums.ts';
import type { AnomalyBasis } from '../../models/event-anomalies.ts';

/** An event with what its camera says of it. */
export type EventHeadRow = {
  id: number;
  batch_id: string;
  sequence_id: string | null;
  camera_id: string;
  started_at: Date;
  ended_at: Date | null;
  object_types: string | null;
  detection_count: number;
  is_fast_path: boolean;
  time_ambiguous: boolean;
  risk_score: number | null;
  risk_level: Severity | null;
  risk_source: RiskSource;
  rule_score: number | null;
  analysis_status: AnalysisStatus;
  anomaly: number | null;
  anomaly_basis: AnomalyBasis | null;
  camera_name: string;
  camera_timezone: string | null;
  property_id: number | null;
  property_timezone: string | null;
};

/** By id. */
export async function findEventHeads(knex: Knex, ids: readonly number[]): Promise<EventHeadRow[]> {
  return knex('events as e')
    .join('cameras as c', 'c.id', 'e.camera_id')
    .leftJoin('properties as p', 'p.id', 'c.property_id')
    .whereRaw('e.id = ANY (?::bigint[])', [[...ids]])
    .select('e.id', 'e.batch_id', 'e.sequence_id', 'e.camera_id', 'e.started_at', 'e.ended_at', 'e.object_types', 'e.detection_count')
    .select('e.is_fast_path', 'e.time_ambiguous', 'e.risk_score', 'e.risk_level', 'e.risk_source', 'e.rule_score', 'e.analysis_status')
    .select('e.anomaly', 'e.anomaly_basis', 'c.property_id')
    .select<EventHeadRow[]>({ camera_name: 'c.name', camera_timezone: 'c.timezone', property_timezone: 'p.timezone' })
    .orderBy('e.id');
}
