import type { SceneChangeListRow } from '../../db/queries/scene-changes.ts';
import { formatLocal } from '../../domain/time/local-time.ts';
import type { ExportValue } from '../../exporters/export-record.ts';
import { cameraZone, type ZoneSettings } from '../cameras/camera-zone.ts';

/** Columns of `hs scene-changes list` in their order; new ones are only ever added at the end. */
export const SCENE_CHANGE_COLUMNS = [
  'id',
  'detected_at',
  'camera_id',
  'change_type',
  'similarity_score',
  'reason',
  'acknowledged',
  'file_path',
  'mode',
  'ended_at',
  'acknowledged_at',
  'timezone',
  'detected_at_local',
  'ended_at_local',
] as const;

export const SCENE_CHANGE_LIST_COLUMNS = SCENE_CHANGE_COLUMNS.slice(0, 8);

export type SceneChangeRecord = Readonly<Record<(typeof SCENE_CHANGE_COLUMNS)[number], ExportValue>>;

export function toSceneChangeRecord(row: SceneChangeListRow, settings: ZoneSettings): SceneChangeRecord {
  const timezone = cameraZone(row, settings);
  return {
    id: row.id,
    detected_at: row.detected_at,
    camera_id: row.camera_id,
    change_type: row.change_type,
    similarity_score: row.similarity_score,
    reason: row.reason,
    acknowledged: row.acknowledged,
    file_path: row.file_path,
    mode: row.mode,
    ended_at: row.ended_at,
    acknowledged_at: row.acknowledged_at,
    timezone,
    detected_at_local: formatLocal(row.detected_at.getTime(), timezone),
    ended_at_local: row.ended_at && formatLocal(row.ended_at.getTime(), timezone),
  };
}
