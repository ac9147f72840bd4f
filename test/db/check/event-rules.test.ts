import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Knex } from 'knex';
import { createSoundStore, expectNamed, lookAt, namesOf, type BreakCase, type SoundStore } from './sound-store.ts';

let store: SoundStore;

beforeAll(async () => {
  store = await createSoundStore();
});

afterAll(() => store.dispose());

/** The event of three sightings. */
const EVENT = '(SELECT event_id FROM event_detections GROUP BY 1 ORDER BY count(*) DESC LIMIT 1)';
const LATEST = '(SELECT id FROM events ORDER BY started_at DESC LIMIT 1)';

const CASES: BreakCase[] = [
  {
    id: 'V1',
    broken: 'an event that ends before it starts',
    by: async (trx) => {
      await trx.raw('ALTER TABLE events DROP CONSTRAINT ck_events_time_order');
      await trx.raw(`UPDATE events SET ended_at = started_at - interval '1 s' WHERE id = ${EVENT}`);
    },
    says: 'ends 2026-01-14 08:14:59+00',
    also: ['S1', 'V2', 'V3'],
  },
  {
    id: 'V2',
    broken: 'an event with a detection after its end',
    by: (trx) => trx.raw(`UPDATE events SET ended_at = ended_at - interval '1 s' WHERE id = ${EVENT}`),
    says: /holds detection \d+ of 2026-01-14 08:15:40\+00/,
    also: ['V3', 'T6'],
  },
  {
    id: 'V2',
    broken: 'an event with a detection of another camera',
    by: async (trx) => {
      await trx('cameras').insert({ id: 'yard', name: 'yard', folder_path: '/footage/yard' });
      await trx.raw(`UPDATE events SET camera_id = 'yard' WHERE id = ${LATEST}`);
    },
    says: /of camera yard holds detection \d+ of camera gate/,
  },
  {
    id: 'V3',
    broken: 'an event that starts before its first detection',
    by: (trx) => trx.raw(`UPDATE events SET started_at = started_at - interval '1 s' WHERE id = ${EVENT}`),
    says: 'is from 2026-01-14 08:14:59+00',
    also: ['A2'],
  },
  {
    id: 'V4',
    broken: 'a level that is not the one of the score',
    by: (trx) => trx.raw(`UPDATE events SET risk_score = 60 WHERE id = ${EVENT}`),
    says: 'is medium, its score 60 means high',
  },
  {
    id: 'V4',
    broken: 'a level without a score',
    by: async (trx) => {
      await trx.raw('ALTER TABLE events DROP CONSTRAINT ck_events_risk_pair');
      await trx.raw(`UPDATE events SET risk_level = 'low' WHERE risk_score IS NULL`);
    },
    says: 'is low without a score',
    also: ['S1'],
  },
  {
    id: 'V5',
    broken: 'a text that names other detections',
    by: (trx) => trx.raw(`UPDATE events SET detection_ids = '[1,99]' WHERE id = ${EVENT}`),
    says: /says \[1,99\], its detections make it \[\d+,\d+,\d+\]/,
  },
  {
    id: 'V5',
    broken: 'no text of ids',
    by: (trx) => trx.raw(`UPDATE events SET detection_ids = NULL WHERE id = ${EVENT}`),
    says: 'says nothing',
  },
  {
    id: 'V5',
    broken: 'a text that cannot be read',
    by: (trx) => trx.raw(`UPDATE events SET detection_ids = replace(detection_ids, ']', ',]') WHERE id = ${EVENT}`),
    says: 'its detections make it',
  },
  {
    id: 'V6',
    broken: 'types of other detections',
    by: (trx) => trx.raw(`UPDATE events SET object_types = 'person,car' WHERE id = ${EVENT}`),
    says: 'says person,car, its detections make it person',
  },
  {
    id: 'V6',
    broken: 'types in the wrong order',
    by: async (trx) => {
      await trx.raw(
        `UPDATE detections SET object_type = 'car' WHERE id = (SELECT max(detection_id) FROM event_detections WHERE event_id = ${EVENT})`,
      );
      await trx.raw(`UPDATE events SET object_types = 'car,person' WHERE id = ${EVENT}`);
    },
    says: 'make it person,car',
  },
  {
    id: 'V7',
    broken: 'an event found by the old name of its camera',
    by: (trx) => trx.raw(`UPDATE events SET search_vector = to_tsvector('english', 'garage') WHERE id = ${EVENT}`),
    says: 'is found by other words than it has',
  },
  {
    id: 'V8',
    broken: 'an event without detections',
    by: (trx) => trx.raw(`DELETE FROM event_detections WHERE event_id = ${EVENT}`),
    says: 'has no detections',
    also: ['V5'],
  },
  {
    id: 'V9',
    broken: 'an analyzed event that names no run',
    by: (trx) => trx.raw(`UPDATE events SET run_id = NULL WHERE id = ${EVENT}`),
    says: 'is analyzed and names no run',
  },
  {
    id: 'T5',
    broken: 'a detection in two events',
    by: async (trx) => {
      await trx.raw(`INSERT INTO events (batch_id, camera_id, started_at, ended_at, object_types, detection_ids, detection_count, max_score)
        SELECT 'copy', camera_id, started_at, ended_at, object_types, detection_ids, detection_count, max_score FROM events WHERE id = ${LATEST}`);
      await trx.raw(`INSERT INTO event_detections (event_id, detection_id, detected_at)
        SELECT (SELECT id FROM events WHERE batch_id = 'copy'), detection_id, detected_at FROM event_detections WHERE event_id = (SELECT max(id) FROM events WHERE batch_id <> 'copy')`);
    },
    says: /detection \d+: belongs to the events \d+, \d+/,
  },
  {
    id: 'T6',
    broken: 'an event that miscounts',
    by: (trx) => trx.raw(`UPDATE events SET detection_count = 2, max_score = 0.5 WHERE id = ${EVENT}`),
    says: 'says 2 detections and at most 0.5, has 3 and at most 0.9',
  },
];

test.each(CASES)('$id names $broken', (one) => expectNamed(store.knex, one));

async function inside(look: (trx: Knex.Transaction) => Promise<void>): Promise<void> {
  const trx = await store.knex.transaction();
  try {
    await look(trx);
  } finally {
    await trx.rollback();
  }
}

test('a text of ids in another form that means the same is right', () =>
  inside(async (trx) => {
    await trx.raw(`UPDATE events SET detection_ids = translate(detection_ids, '[]', ' ') WHERE id = ${EVENT}`);
    expect(namesOf(await lookAt(trx, { ids: ['V5'] }))).toEqual([]);
  }));

test('all texts are repaired, however many there are', () =>
  inside(async (trx) => {
    await trx.raw(
      `INSERT INTO events (batch_id, camera_id, started_at, detection_ids) SELECT 'b' || n, 'gate', '2026-01-14', 'bad' FROM generate_series(1, 1201) n`,
    );
    const [found] = await lookAt(trx, { ids: ['V5'], fix: true, limit: 2 });
    expect(found).toMatchObject({ count: 1201, fixed: 1201, remaining: 0 });
    expect(found!.places).toHaveLength(2);
  }));

test('an event that was emptied stays for its notes, its flag or its feedback', () =>
  inside(async (trx) => {
    for (const keeps of [`notes = 'mine'`, 'flagged = true', 'id = id']) {
      await trx.raw(
        `INSERT INTO events (batch_id, camera_id, started_at, detection_ids, object_types) VALUES (?, 'gate', '2026-01-14', '[]', 'person')`,
        [keeps],
      );
      await trx.raw(`UPDATE events SET ${keeps} WHERE batch_id = ?`, [keeps]);
    }
    expect(namesOf(await lookAt(trx, { ids: ['V8'] }))).toEqual(['V8']);
    await trx.raw(`INSERT INTO event_feedback (event_id, feedback_type) SELECT id, 'correct' FROM events WHERE batch_id = 'id = id'`);
    expect(namesOf(await lookAt(trx))).toEqual([]);
  }));

test('events that lost detections to retention keep their times', () =>
  inside(async (trx) => {
    await trx.raw('DELETE FROM event_detections WHERE detected_at < ?', ['2026-01-01']);
    await trx.raw('DELETE FROM tracks WHERE first_seen < ?', ['2026-01-01']);
    expect(namesOf(await lookAt(trx))).toContain('V8');
    await trx.raw('ALTER TABLE detections DETACH PARTITION detections_y2025m12');
    await trx.raw('DROP TABLE detections_y2025m12');
    expect(namesOf(await lookAt(trx, { ids: ['V3', 'V8', 'T2', 'T6'] }))).toEqual([]);
  }));

test('a fix in one rule that a constraint refuses is reported and stops nothing', async () => {
  const fresh = await createSoundStore();
  try {
    await fresh.knex.raw(`ALTER TABLE events ADD CONSTRAINT ck_no_high CHECK (risk_level <> 'high')`);
    await fresh.knex.raw(`UPDATE events SET risk_score = 60, search_vector = NULL WHERE id = ${LATEST}`);
    const outcomes = await lookAt(fresh.knex, { ids: ['V4', 'V7'], fix: true });
    expect(outcomes[0]).toMatchObject({ fixed: 0, remaining: 1, problem: expect.stringContaining('ck_no_high') });
    expect(outcomes[0]!.problem).not.toContain('UPDATE');
    expect(outcomes[1]).toMatchObject({ fixed: 1, remaining: 0, problem: null });
    expect(await fresh.knex('audit_logs').pluck('resource_id')).toEqual(['V7']);
  } finally {
    await fresh.dispose();
  }
});
