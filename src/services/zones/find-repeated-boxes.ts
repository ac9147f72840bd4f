import type { Knex } from 'knex';
import { findNewestFootage } from '../../db/queries/cameras.ts';
import { streamStanding, type StandingRow } from '../../db/queries/zone-footage.ts';
import { formatLocal } from '../../domain/time/local-time.ts';
import { createBoxClusters, REPEATED_WITHIN_MS, type RepeatedBox, type StandingDetection } from '../../domain/zones/repeated-boxes.ts';

const DAY_LENGTH = 'YYYY-MM-DD'.length;

/** Where objects stood again and again in the two weeks before the camera's newest footage (§5.3). */
export async function findRepeatedBoxes(
  knex: Knex,
  { cameraId, timezone }: { cameraId: string; timezone: string },
): Promise<RepeatedBox[]> {
  const newest = await findNewestFootage(knex, [cameraId]);
  if (newest === undefined) return [];
  const clusters = createBoxClusters();
  const span = { since: new Date(newest.getTime() - REPEATED_WITHIN_MS), until: new Date(newest.getTime() + 1) };
  for await (const row of streamStanding(knex, { cameraId, ...span })) clusters.add(toStanding(row, timezone));
  return clusters.repeated();
}

function toStanding(row: StandingRow, timezone: string): StandingDetection {
  const detectedAtMs = row.detected_at.getTime();
  return {
    id: row.id,
    label: row.object_type,
    detectedAtMs,
    localDay: formatLocal(detectedAtMs, timezone).slice(0, DAY_LENGTH),
    mediaFileId: row.media_file_id,
    frameOffsetMs: row.frame_offset_ms,
    box: { x: row.bbox_x, y: row.bbox_y, width: row.bbox_width, height: row.bbox_height },
    picture: { width: row.video_width, height: row.video_height },
  };
}
