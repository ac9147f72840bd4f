import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { activityHours, type CountedTrack } from '../../../src/domain/baselines/activity-hours.ts';
import { buildBaselines } from '../../../src/domain/baselines/baselines.ts';
import { cameraCoverage } from '../../../src/domain/coverage/camera-coverage.ts';
import { DAY_MS, HOUR_MS } from '../../../src/domain/coverage/local-hours.ts';
import { findActivityHours } from '../../../src/db/models/activity-hours.ts';
import { loadBaselines } from '../../../src/services/baselines/write-baselines.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { seededRandom } from '../../unit/domain/make-detections.ts';
import { seedCamera, seedRun } from '../answers/seed.ts';
import { findDifferences, NO_DIFFERENCES, rebuild, seedFootage, seedTracks, type SeededFile } from './seed-activity.ts';

const START_MS = Date.UTC(2026, 2, 1);
const BERLIN = { id: 'gate', zone: 'Europe/Berlin', recording: 'continuous' } as const;

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
  await seedRun(db.knex);
  await seedCamera(db.knex, 'gate');
});

afterEach(() =>
  db.knex.raw('TRUNCATE media_files, tracks, events, activity_hours, activity_baselines, class_baselines, baseline_states CASCADE'),
);

afterAll(() => db.drop());

const ALL = { cameraId: 'gate', from: new Date(0), until: new Date('2100-01-01') };

async function slotOf(weekday: number, hour: number): Promise<object | undefined> {
  const { activity } = await loadBaselines(db.knex, 'gate');
  return activity.find((row) => row.weekday === weekday && row.hour === hour);
}

/** Whole hours of footage. */
function hoursOfFootage(startMs: number, hours: number): SeededFile {
  return { startMs, lengthMs: hours * HOUR_MS };
}

function tracksAt(label: string, ...times: number[]): CountedTrack[] {
  return times.map((firstMs) => ({ firstMs, label, confirmed: true }));
}

test('a camera without footage has no hours and no baselines, and a rebuild says so', async () => {
  expect(await rebuild(db.knex, { ...BERLIN, recording: null })).toMatchObject({
    as_of: null,
    recording: null,
    activity_slots: 0,
    class_slots: 0,
    changed_hours: 0,
  });
});

describe('one weekday slot over four weeks (§8.3)', () => {
  const firstMs = Date.UTC(2026, 0, 5, 13);
  const week = (index: number): number => firstMs + index * 7 * DAY_MS;

  async function fourWeeks(footage: SeededFile[]): Promise<void> {
    await seedFootage(db.knex, 'gate', footage);
    const counts: Record<number, number> = { [week(0)]: 1, [week(1)]: 4, [week(2)]: 0, [week(3)]: 2 };
    const wanted = Object.entries(counts).flatMap(([at, count]) => Array.from({ length: count }, (_, i) => Number(at) + i * 1000));
    await seedTracks(db.knex, 'gate', tracksAt('person', ...wanted));
    await rebuild(db.knex, BERLIN);
  }

  test('2, 0, 4, 1 newest first average to 1.682845', async () => {
    await fourWeeks([0, 1, 2, 3].map((index) => hoursOfFootage(week(index), 1)));
    expect(await slotOf(0, 14)).toEqual({ weekday: 0, hour: 14, avgCount: 1.682845, sampleCount: 4, lastUpdatedMs: week(3) });
  });

  test('half an hour of footage counts as half an hour: 2.169847', async () => {
    await fourWeeks([...[0, 1, 2].map((index) => hoursOfFootage(week(index), 1)), { startMs: week(3), lengthMs: HOUR_MS / 2 }]);
    expect(await slotOf(0, 14)).toMatchObject({ avgCount: 2.169847, sampleCount: 4 });
  });

  test('an hour without footage is not a quiet one: 2.325396', async () => {
    await fourWeeks([0, 1, 3].map((index) => hoursOfFootage(week(index), 1)));
    expect(await slotOf(0, 14)).toMatchObject({ avgCount: 2.325396, sampleCount: 3 });
  });
});

test('tracks that were not confirmed do not count', async () => {
  await seedFootage(db.knex, 'gate', [hoursOfFootage(START_MS, 2)]);
  await seedTracks(db.knex, 'gate', [{ firstMs: START_MS, label: 'person', confirmed: false }]);
  await rebuild(db.knex, BERLIN);
  expect((await findActivityHours(db.knex, ALL)).map(({ counts }) => counts)).toEqual([{}, {}]);
  expect(await loadBaselines(db.knex, 'gate')).toMatchObject({ classes: [], activity: [{ avgCount: 0 }, { avgCount: 0 }] });
});

test('a class may be called like a member of every object', async () => {
  await seedFootage(db.knex, 'gate', [hoursOfFootage(START_MS, 1)]);
  await seedTracks(db.knex, 'gate', tracksAt('__proto__', START_MS));
  await rebuild(db.knex, BERLIN);
  expect(await loadBaselines(db.knex, 'gate')).toMatchObject({ classes: [{ label: '__proto__', frequency: 1 }] });
});

test('motion counts only where nothing else was ever seen in the window (§8.3)', async () => {
  await seedFootage(db.knex, 'gate', [hoursOfFootage(START_MS, 2)]);
  await seedTracks(db.knex, 'gate', tracksAt('motion', START_MS, START_MS + 1));
  await rebuild(db.knex, BERLIN);
  expect(await slotOf(6, 1)).toMatchObject({ avgCount: 2 });
  await seedTracks(db.knex, 'gate', tracksAt('person', START_MS + HOUR_MS));
  await rebuild(db.knex, BERLIN);
  expect(await slotOf(6, 1)).toMatchObject({ avgCount: 0 });
  expect(await slotOf(6, 2)).toMatchObject({ avgCount: 1 });
});

test('a rebuild as of an earlier moment looks at the 30 days before it', async () => {
  await seedFootage(
    db.knex,
    'gate',
    Array.from({ length: 40 }, (_, day) => hoursOfFootage(START_MS + day * DAY_MS, 24)),
  );
  await seedTracks(db.knex, 'gate', tracksAt('dog', START_MS + 35 * DAY_MS));
  await rebuild(db.knex, BERLIN);
  expect((await loadBaselines(db.knex, 'gate')).classes).toHaveLength(1);
  const asOfMs = START_MS + 34 * DAY_MS;
  expect(await rebuild(db.knex, BERLIN, { asOfMs })).toMatchObject({ as_of: new Date(asOfMs), class_slots: 0 });
});

test('another time zone gives other hours and leaves none of the old', async () => {
  await seedFootage(db.knex, 'gate', [hoursOfFootage(START_MS, 5)]);
  await rebuild(db.knex, BERLIN);
  await rebuild(db.knex, { ...BERLIN, zone: 'Asia/Kolkata' });
  const hours = await findActivityHours(db.knex, ALL);
  expect(hours.map(({ hour, coveredMs }) => [hour, coveredMs / 60_000])).toEqual([
    [5, 30],
    [6, 60],
    [7, 60],
    [8, 60],
    [9, 60],
    [10, 30],
  ]);
});

const ZONES = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'];
/** Each has a change of the clocks in it: 29 March, 8 March, 5 April. */
const DAYS = 40;

/** Footage with gaps and stills, tracks of four classes; more of them at noon. */
function randomWorld(random: () => number): { files: SeededFile[]; tracks: CountedTrack[] } {
  const files: SeededFile[] = [];
  const endMs = START_MS + DAYS * DAY_MS;
  for (let atMs = START_MS + Math.floor(random() * HOUR_MS); atMs < endMs;) {
    const isStill = random() < 0.1;
    const lengthMs = isStill ? 0 : Math.floor(random() * 3 * HOUR_MS);
    files.push({ startMs: atMs, lengthMs, isStill });
    atMs += lengthMs + (random() < 0.7 ? Math.floor(random() * 20_000) : Math.floor(random() * 6 * HOUR_MS));
  }
  const coverage = cameraCoverage(
    files.map((file) => ({ ...file, isStill: file.isStill === true, outcome: 'complete', readableMs: file.lengthMs, claimedMs: 0 })),
  );
  const tracks = coverage.flatMap(({ startMs, endMs: untilMs }) =>
    Array.from({ length: Math.floor((random() * 4 * (untilMs - startMs)) / HOUR_MS) }, () => ({
      firstMs: startMs + Math.floor(random() * (untilMs - startMs)),
      label: ['person', 'car', 'dog', 'motion'][Math.floor(random() * 4)] ?? '',
      confirmed: random() < 0.8,
    })),
  );
  return { files, tracks };
}

describe.each(ZONES)('in %s', (zone) => {
  test.each(['continuous', 'triggered'] as const)(
    'hours and baselines of a %s camera are those of the pure functions',
    async (recording) => {
      const { files, tracks } = randomWorld(seededRandom(zone.length + recording.length));
      await seedFootage(db.knex, 'gate', files);
      await seedTracks(db.knex, 'gate', tracks);
      const camera = { id: 'gate', zone, recording };
      await rebuild(db.knex, camera);
      const coverage = cameraCoverage(
        files.map((file) => ({ ...file, isStill: file.isStill === true, outcome: 'complete', readableMs: file.lengthMs, claimedMs: 0 })),
      );
      const expected = [...activityHours({ coverage, zone, mode: recording }, tracks)];
      const stored = await findActivityHours(db.knex, ALL);
      const facts = ({ dayNumber, weekday, hour, fold, startMs, coveredMs, exposure, counts }: (typeof stored)[number]): object => ({
        dayNumber,
        weekday,
        hour,
        fold,
        startMs,
        coveredMs,
        exposure,
        counts,
      });
      expect(stored.map(facts)).toEqual(expected.map(facts));
      const options = { asOfMs: coverage.at(-1)!.endMs, countsMotion: false };
      expect(await loadBaselines(db.knex, 'gate')).toEqual(buildBaselines(expected, options));
      expect(await findDifferences(db.knex, camera)).toEqual(NO_DIFFERENCES);
    },
  );

  test('weeks in which the clocks change are within 1 % of counting minute by minute', async () => {
    const { files, tracks } = randomWorld(seededRandom(zone.length));
    await seedFootage(db.knex, 'gate', files);
    await seedTracks(db.knex, 'gate', tracks);
    await rebuild(db.knex, { id: 'gate', zone, recording: 'continuous' });
    const oracle = countMinuteByMinute({ files, tracks, zone });
    const { activity } = await loadBaselines(db.knex, 'gate');
    expect(activity.length).toBeGreaterThan(100);
    expect(activity.map(({ weekday, hour }) => `${String(weekday)} ${String(hour)}`).sort()).toEqual([...oracle.keys()].sort());
    for (const { weekday, hour, avgCount } of activity) {
      const wanted = oracle.get(`${String(weekday)} ${String(hour)}`) ?? NaN;
      expect(Math.abs(avgCount - wanted), `${String(weekday)} ${String(hour)}`).toBeLessThanOrEqual(0.01 * wanted + 1e-6);
    }
  });
});

/** Knows no intervals: asks of every minute what the clock on the wall says, how much of it there is footage of, and who came. */
function countMinuteByMinute({ files, tracks, zone }: { files: SeededFile[]; tracks: CountedTrack[]; zone: string }): Map<string, number> {
  const clock = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short', timeStyle: 'short', hourCycle: 'h23' });
  const endMs = Math.max(...files.map(({ startMs, lengthMs, isStill }) => startMs + (isStill ? 1000 : lengthMs)));
  const stills = files.filter(({ isStill }) => isStill).map(({ startMs }) => startMs);
  const seconds = new Uint8Array((DAYS + 3) * 86_400);
  const fill = (fromMs: number, untilMs: number): void => {
    seconds.fill(1, Math.round((fromMs - START_MS) / 1000), Math.round((untilMs - START_MS) / 1000));
  };
  for (const { startMs, lengthMs, isStill } of files) fill(startMs, startMs + (isStill ? 1000 : lengthMs));
  stills.forEach((ms, i) => {
    if (ms - (stills[i - 1] ?? 0) <= 120_000) fill(stills[i - 1] ?? 0, ms);
  });
  for (let i = 1, last = -1; i < seconds.length; i += 1) {
    if (seconds[i] !== 1) continue;
    if (last >= 0 && i - last - 1 <= 10) seconds.fill(1, last, i);
    last = i;
  }
  type Cell = { key: string; date: string; seconds: number; count: number; startMs: number };
  const cells: Cell[] = [];
  const counted = tracks
    .filter(({ confirmed, label }) => confirmed && label !== 'motion')
    .map(({ firstMs }) => Math.floor(firstMs / 60_000));
  const arrivals = new Map<number, number>();
  for (const minute of counted) arrivals.set(minute, (arrivals.get(minute) ?? 0) + 1);
  let before = '';
  for (let ms = START_MS; ms < endMs; ms += 60_000) {
    const [date = '', time = ''] = clock.format(ms).split(', ');
    const isNew = before.slice(0, 13) !== `${date} ${time}`.slice(0, 13) || `${date} ${time}` <= before;
    before = `${date} ${time}`;
    if (isNew) {
      const weekday = (new Date(date).getUTCDay() + 6) % 7;
      cells.push({ key: `${String(weekday)} ${String(Number(time.slice(0, 2)))}`, date, seconds: 0, count: 0, startMs: ms });
    }
    const cell = cells.at(-1)!;
    const from = (ms - START_MS) / 1000;
    cell.seconds += seconds.subarray(from, from + 60).reduce((sum, one) => sum + one, 0);
    cell.count += arrivals.get(ms / 60_000) ?? 0;
  }
  const bySlot = new Map<string, Cell[]>();
  for (const cell of cells) {
    if (cell.seconds >= 900 && cell.startMs >= endMs - 30 * DAY_MS) bySlot.set(cell.key, [...(bySlot.get(cell.key) ?? []), cell]);
  }
  return new Map(
    [...bySlot].map(([key, slot]) => {
      const newest = Date.parse(slot.at(-1)!.date);
      const weights = slot.map(({ date }) => 0.5 ** ((newest - Date.parse(date)) / DAY_MS / 10));
      const sum = (of: (cell: Cell) => number): number => slot.reduce((total, cell, i) => total + weights[i]! * of(cell), 0);
      return [key, sum(({ count }) => count) / sum(({ seconds: covered }) => covered / 3600)];
    }),
  );
}
