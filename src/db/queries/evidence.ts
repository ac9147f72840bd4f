import type { Knex } from 'knex';

import type { AlertRuleRow } from '../models/alert-rules.ts';
import type { AuditLogRow } from '../models/audit-logs.ts';
import type { EventRow } from '../models/events.ts';
import type { EvidenceHoldRow } from '../models/evidence-holds.ts';
import type { MediaFileRow } from '../models/media-files.ts';
import type { RunRow } from '../models/runs.ts';

type FootageOfEvent = { eventId: number; cameraId: string; from: Date; until: Date };

/** Files an event was seen in, and other footage of its camera that reaches into the span; in the order of footage. */
export async function findEvidenceFiles(knex: Knex, { eventId, cameraId, from, until }: FootageOfEvent): Promise<MediaFileRow[]> {
  const seen = knex('event_detections as m')
    .join('detections as d', (on) => on.on('d.id', 'm.detection_id').andOn('d.detected_at', 'm.detected_at'))
    .where('m.event_id', eventId)
    .select('d.media_file_id');
  return knex<MediaFileRow>('media_files')
    .whereIn('id', seen)
    .orWhere((footage) => {
      void footage
        .where('camera_id', cameraId)
        .whereIn('status', ['done', 'partial'])
        .where('captured_at', '<=', until)
        .where('ended_at', '>=', from);
    })
    .orderBy(['captured_at', 'id']);
}

type Scoring = Pick<EventRow, 'run_id' | 'rules_fingerprint' | 'prompt_version' | 'analyzed_at' | 'risk_source'>;

/** With which rules and prompt an event was scored, and by which run. */
export async function findScoring(knex: Knex, eventId: number): Promise<Scoring | undefined> {
  return knex('events')
    .where({ id: eventId })
    .first<Scoring | undefined>('run_id', 'rules_fingerprint', 'prompt_version', 'analyzed_at', 'risk_source');
}

export async function findAlertsOfEvent(knex: Knex, eventId: number): Promise<{ id: string; rule_id: string | null }[]> {
  return knex('alerts').where('event_id', eventId).orderBy(['created_at', 'id']).select('id', 'rule_id');
}

/** Rules as they are now, by name. */
export async function findRules(knex: Knex, ids: readonly string[]): Promise<AlertRuleRow[]> {
  return knex<AlertRuleRow>('alert_rules')
    .whereIn('id', [...ids])
    .orderBy('name');
}

export async function findRunsById(knex: Knex, ids: readonly string[]): Promise<RunRow[]> {
  return knex<RunRow>('runs')
    .whereIn('id', [...ids])
    .orderBy(['started_at', 'id']);
}

/** Models that saw something of an event, by name. */
export async function findModelNames(knex: Knex, event: Pick<EventRow, 'id' | 'started_at' | 'ended_at'>): Promise<string[]> {
  const { rows } = await knex.raw<{ rows: { name: string }[] }>(
    `SELECT DISTINCT d.model_id AS name FROM event_detections m JOIN detections d ON d.id = m.detection_id AND d.detected_at = m.detected_at
      WHERE m.event_id = ? AND d.detected_at BETWEEN ? AND ? AND d.model_id IS NOT NULL ORDER BY 1`,
    [event.id, event.started_at, event.ended_at ?? event.started_at],
  );
  return rows.map(({ name }) => name);
}

export async function findHoldsOfEvent(knex: Knex, eventId: number): Promise<EvidenceHoldRow[]> {
  return knex<EvidenceHoldRow>('evidence_holds').where('event_id', eventId).orderBy('id');
}

/** Audit entries about an event, its alerts, feedback and holds, and about exports it was asked for by its id; oldest first. */
export async function findAuditTrail(knex: Knex, of: { eventId: number; alertIds: readonly string[] }): Promise<AuditLogRow[]> {
  const eventId = String(of.eventId);
  return knex<AuditLogRow>('audit_logs')
    .where((about) => {
      void about
        .where((event) => {
          void event.whereIn('resource_type', ['event', 'event_feedback', 'event_audit', 'evidence_hold']).where('resource_id', eventId);
        })
        .orWhere((alert) => {
          void alert.where('resource_type', 'alert').whereIn('resource_id', [...of.alertIds]);
        })
        .orWhere((exported) => {
          void exported
            .where({ action: 'media_exported', resource_type: 'export' })
            .whereRaw("details -> 'filters' -> 'ids' @> ?::jsonb", [JSON.stringify([of.eventId])]);
        });
    })
    .orderBy('id');
}
