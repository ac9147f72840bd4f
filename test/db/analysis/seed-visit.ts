import type { Knex } from 'knex';
import { seedDetection, seedEvent, seedFile } from '../answers/seed.ts';

type Visit = {
  camera: string;
  /** Begin of the footage. */
  at: string;
  label?: string;
  group?: string;
  /** Moments it was seen, in s after that. */
  seconds: readonly number[];
  more?: object;
  confirmed?: boolean;
  boxOf?: (second: number) => object;
};

export type SeededVisit = { trackId: number; members: { id: number; detected_at: Date }[] };

/** One object followed through a file of its own. */
export async function seedVisit(knex: Knex, visit: Visit): Promise<SeededVisit> {
  const { camera, at, label = 'person', group = label, seconds, more = {}, confirmed = true, boxOf = () => ({}) } = visit;
  const startMs = Date.parse(at);
  const ended = new Date(startMs + Math.max(...seconds) * 1000);
  const path = `/footage/${camera}/${at}-${label}-${String(Math.random())}.mp4`;
  const fileId = await seedFile(knex, { camera, at: at, more: { path, content_sha256: hash(path), ended_at: ended } });
  const members: SeededVisit['members'] = [];
  for (const second of seconds) {
    const box = { object_type: label, bbox_x: 100, bbox_y: 100, bbox_width: 40, bbox_height: 120, ...more, ...boxOf(second) };
    members.push(await seedDetection(knex, { fileId, camera, at, offsetMs: second * 1000, more: box }));
  }
  const [track] = await knex('tracks')
    .insert({
      camera_id: camera,
      object_class: label,
      class_group: group,
      first_seen: members[0]!.detected_at,
      last_seen: members.at(-1)!.detected_at,
      closed_at: members.at(-1)!.detected_at,
      first_detection_id: members[0]!.id,
      detection_count: members.length,
      max_score: 0.9,
      confirmed,
    })
    .returning<{ id: number }[]>('id');
  await knex('detections')
    .whereIn(
      'id',
      members.map(({ id }) => id),
    )
    .update({ track_id: track!.id });
  return { trackId: track!.id, members };
}

function hash(text: string): string {
  return Buffer.from(text).toString('hex').padEnd(64, '0').slice(-64);
}

/** An event of all these visits. */
export async function seedEventOf(knex: Knex, camera: string, visits: readonly SeededVisit[], more: object = {}): Promise<number> {
  const members = visits.flatMap((visit) => visit.members).sort((a, b) => a.detected_at.getTime() - b.detected_at.getTime());
  return seedEvent(knex, { camera, members, more });
}

export const ZONE_FRAME = {
  coordinates: JSON.stringify([
    [0, 0],
    [0.5, 0],
    [0.5, 1],
    [0, 1],
  ]),
};
