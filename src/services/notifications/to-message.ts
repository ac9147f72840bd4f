import type { SceneChangeRow } from '../../db/models/scene-changes.ts';
import type { AlertListRow } from '../../db/queries/alerts.ts';
import { formatLocal } from '../../domain/time/local-time.ts';
import type { Message } from '../../notify/channel.ts';
import { splitCommas } from '../lists/text-list.ts';

const SCHEMA_VERSION = 1;

/** What somebody is told of an alert. */
export function alertMessage(row: AlertListRow, timezone: string): Message {
  const at = formatLocal(row.started_at.getTime(), timezone);
  const classes = splitCommas(row.object_types).join(', ');
  const score = row.risk_score === null ? [] : [`Risk ${String(row.risk_score)} (${row.risk_level ?? '-'})`];
  return {
    id: row.id,
    severity: row.severity,
    title: oneLine(`[${row.severity}] ${row.rule_name ?? 'Alert'}: ${classes === '' ? 'event' : classes} at ${row.camera_name}`),
    text: [
      row.summary ?? `${classes === '' ? 'Something' : classes} at ${row.camera_name}`,
      at,
      ...score,
      `Event ${String(row.event_id)}`,
    ].join('\n'),
    data: {
      schema_version: SCHEMA_VERSION,
      type: 'alert',
      alert: { id: row.id, severity: row.severity, rule_id: row.rule_id, rule_name: row.rule_name, dedup_key: row.dedup_key },
      event: {
        id: row.event_id,
        camera_id: row.camera_id,
        camera_name: row.camera_name,
        started_at: row.started_at,
        started_at_local: at,
        ended_at: row.ended_at,
        timezone,
        risk_score: row.risk_score,
        risk_level: row.risk_level,
        object_types: splitCommas(row.object_types),
        zone: row.zone_name,
        summary: row.summary,
      },
    },
  };
}

export type SceneSubject = { change: SceneChangeRow; cameraName: string; timezone: string };

/** What somebody is told of a camera that sees something else than it should. */
export function sceneMessage({ change, cameraName, timezone }: SceneSubject): Message {
  const at = formatLocal(change.detected_at.getTime(), timezone);
  const what = change.change_type.replaceAll('_', ' ');
  const key = `scene:${change.camera_id}:${change.change_type}`;
  return {
    id: `scene-change-${String(change.id)}`,
    severity: 'high',
    title: oneLine(`Camera ${cameraName}: ${what}`),
    text: [`The view of camera ${cameraName} has changed: ${what}`, at].join('\n'),
    data: {
      schema_version: SCHEMA_VERSION,
      type: 'scene_change',
      dedup_key: key,
      scene_change: { id: change.id, camera_id: change.camera_id, change_type: change.change_type, detected_at: change.detected_at },
    },
  };
}

/** A message that says nothing but that messages arrive. */
export function testMessage(id: string): Message {
  return {
    id,
    severity: 'low',
    title: 'Test of hs notifications',
    text: 'This is a test. Nothing happened.',
    data: { schema_version: SCHEMA_VERSION, type: 'test' },
  };
}

/** Names come from users and cameras: a title must not become two lines of a header. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, 200);
}
