import { z } from 'zod';

const MOST = 100;

const points = z.int().min(-MOST).max(MOST);

type Points<Key extends string> = z.ZodObject<Record<Key, z.ZodDefault<z.ZodInt>>, z.core.$strict>;

/** One setting for each key, each with its default. */
function pointsOf<Key extends string>(about: string, defaults: Readonly<Record<Key, number>>): z.ZodPrefault<Points<Key>> {
  const shape = Object.fromEntries(
    Object.entries<number>(defaults).map(([key, worth]) => [
      key,
      points.default(worth).describe(`Points: ${about}, ${key.replaceAll('_', ' ')}.`),
    ]),
  ) as Record<Key, z.ZodDefault<z.ZodInt>>;
  return z.strictObject(shape).prefault({} as never);
}

/** What each factor of the rule score is worth; the defaults are those of the domain. */
export const riskPoints = z
  .strictObject({
    class: pointsOf('what was seen', { person: 20, vehicle: 8, bicycle: 8, other: 6, motion: 4, animal: 2 }),
    night: pointsOf('seen from 22 to 6 o’clock', { person: 25, vehicle: 10, bicycle: 10, motion: 4, other: 4 }),
    early_or_late: pointsOf('seen from 6 to 7 or from 20 to 22 o’clock', { person: 5 }),
    day: pointsOf('seen from 7 to 20 o’clock', { person: -5 }),
    zone_person: pointsOf('a person in a zone', { entry_point: 12, yard: 10, driveway: 6, sidewalk: -10, other: 0 }),
    zone_vehicle: pointsOf('a vehicle or bicycle in a zone', { entry_point: 6, yard: 10, driveway: 4, sidewalk: -4, other: 0 }),
    stay: pointsOf('how long a person stays', {
      half_minute: 5,
      minute: 12,
      three_minutes: 18,
      ten_minutes: 28,
      sidewalk_five_minutes: 10,
      in_view_three_minutes: 8,
      in_view_ten_minutes: 15,
    }),
    identity: pointsOf('who it is', { partial: -15, trusted: -20, untrusted: 20, unknown: 5 }),
    cap: pointsOf('the most somebody known can have', {
      inside_schedule: 5,
      without_schedule: 10,
      outside_schedule: 20,
      trusted_vehicle: 10,
    }),
    schedule: pointsOf('usual hours of a partly trusted member', { outside: 10, expected: -10 }),
    familiar: pointsOf('somebody unknown who was seen before', { often: -10, sometimes: -5 }),
    companion: points.default(-25).describe('Points: came with a registered vehicle.'),
    group: pointsOf('further people at once', { each: 4, most: 12 }),
    baseline: pointsOf('how unusual it is for the hour', { very_unusual: 12, unusual: 8, usual: -5 }),
    other_cameras: pointsOf('seen by other cameras of the property', { each: 5, most: 10 }),
    weak_evidence: points.default(-5).describe('Points: hardly seen.'),
    scene: pointsOf('the view of the camera has changed', { view_blocked: 25, view_tampered: 20, angle_changed: 15, unknown: 5 }),
  })
  .prefault({});
