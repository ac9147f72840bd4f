import type { Movement, Waypoint } from './movement.ts';
import type { Shot } from './render-frame.ts';

/** The zone both cameras stand in; clocks there went forward on 8 March 2026 at 02:00. */
export const DEMO_ZONE = 'America/New_York';

export type CameraId = 'front_door' | 'driveway';

/** `startsAt` is what the camera's clock showed, with the offset in force, so that the truth needs no time zone rules. */
export type Recording = {
  camera: CameraId;
  startsAt: string;
  about: string;
  shot: Omit<Shot, 'seed' | 'scene'>;
  media: { kind: 'video'; durationMs: number; keptBytes?: number } | { kind: 'stills'; count: number; everyMs: number };
};

const PARKING_SPOT = { x: 330, y: 298 };

function crossing(fromMs: number, toMs: number, { fromX, toX, y }: { fromX: number; toX: number; y: number }): Waypoint[] {
  return [
    { atMs: 0, x: -400, y },
    { atMs: fromMs - 1, x: -400, y },
    { atMs: fromMs, x: fromX, y },
    { atMs: toMs, x: toX, y },
  ];
}

/** Steps back and forth before the door, a different stride each time, one waypoint per picture. */
function lingering(everyMs: number, count: number): Waypoint[] {
  const xs = [120, 215, 330, 455, 380, 250, 145, 300, 520, 410, 190, 60, 350, 480];
  const steps = xs.slice(0, count - 1).map((x, i) => ({ atMs: (i + 1) * everyMs, x, y: 322 + (i % 3) * 7 }));
  return [{ atMs: 0, x: -400, y: 325 }, { atMs: everyMs - 1, x: -400, y: 325 }, ...steps];
}

const visitorAtDoor: Movement = {
  figure: 'visitor',
  path: [
    { atMs: 0, x: -80, y: 330 },
    { atMs: 2_000, x: -50, y: 330 },
    { atMs: 8_500, x: 450, y: 296 },
    { atMs: 9_500, x: 456, y: 296 },
    { atMs: 17_000, x: -60, y: 334 },
  ],
};

const carArrives: Movement = {
  figure: 'car',
  path: [
    { atMs: 0, x: 800, y: 200 },
    { atMs: 1_000, x: 740, y: 205 },
    { atMs: 2_600, x: 470, y: 232 },
    { atMs: 4_400, ...PARKING_SPOT },
  ],
  staysMs: 10_000,
};

const MORNING_OF_DAY_1: Recording[] = [
  {
    camera: 'front_door',
    startsAt: '2026-03-07T08:15:00-05:00',
    about: 'a visitor walks to the door and back',
    shot: { light: 'day', movements: [visitorAtDoor] },
    media: { kind: 'video', durationMs: 20_000 },
  },
  {
    camera: 'front_door',
    startsAt: '2026-03-07T12:00:00-05:00',
    about: 'nothing moves',
    shot: { light: 'day', movements: [] },
    media: { kind: 'video', durationMs: 15_000 },
  },
];

/** One arrival in two files that touch: it must become one event. */
const EVENING_OF_DAY_1: Recording[] = [
  {
    camera: 'driveway',
    startsAt: '2026-03-07T17:32:00-05:00',
    about: 'a car drives in and parks',
    shot: { light: 'day', movements: [carArrives] },
    media: { kind: 'video', durationMs: 15_000 },
  },
  {
    camera: 'driveway',
    startsAt: '2026-03-07T17:32:15-05:00',
    about: 'its driver gets out and walks off',
    shot: {
      light: 'day',
      parked: { figure: 'car', ...PARKING_SPOT },
      movements: [{ figure: 'driver', path: crossing(1_500, 11_000, { fromX: 300, toX: 690, y: 338 }) }],
    },
    media: { kind: 'video', durationMs: 15_000 },
  },
];

const DAY_2: Recording[] = [
  {
    camera: 'driveway',
    startsAt: '2026-03-08T03:10:00-04:00',
    about: 'somebody walks past at night, ten minutes after the clocks went forward',
    shot: {
      light: 'night',
      parked: { figure: 'car', ...PARKING_SPOT },
      movements: [{ figure: 'neighbour', path: crossing(3_000, 13_000, { fromX: 690, toX: -60, y: 346 }) }],
    },
    media: { kind: 'video', durationMs: 18_000 },
  },
  {
    camera: 'front_door',
    startsAt: '2026-03-08T14:30:00-04:00',
    about: 'somebody lingers for 104 seconds: longer than one event may last',
    shot: { light: 'day', movements: [{ figure: 'neighbour', path: lingering(8_000, 15) }] },
    media: { kind: 'stills', count: 15, everyMs: 8_000 },
  },
  {
    camera: 'front_door',
    startsAt: '2026-03-08T22:40:00-04:00',
    about: 'a cat, and 40 seconds later a person: two events in one file',
    shot: {
      light: 'night',
      movements: [
        { figure: 'cat', path: crossing(2_000, 7_000, { fromX: -60, toX: 700, y: 340 }) },
        { figure: 'neighbour', path: crossing(47_000, 56_000, { fromX: -50, toX: 700, y: 345 }) },
      ],
    },
    media: { kind: 'video', durationMs: 60_000 },
  },
];

const DAY_3: Recording[] = [
  {
    camera: 'driveway',
    startsAt: '2026-03-09T07:20:00-04:00',
    about: 'a courier; the upload broke off',
    shot: {
      light: 'day',
      parked: { figure: 'car', ...PARKING_SPOT },
      movements: [{ figure: 'courier', path: crossing(1_500, 8_000, { fromX: 690, toX: -60, y: 345 }) }],
    },
    media: { kind: 'video', durationMs: 24_000, keptBytes: 0.6 },
  },
  {
    camera: 'driveway',
    startsAt: '2026-03-09T11:00:05-04:00',
    about: 'three timed snapshots, nothing moves',
    shot: { light: 'day', parked: { figure: 'car', ...PARKING_SPOT }, movements: [] },
    media: { kind: 'stills', count: 3, everyMs: 60_000 },
  },
  {
    camera: 'front_door',
    startsAt: '2026-03-09T17:05:00-04:00',
    about: 'the sun comes out: the picture jumps, nothing moves',
    shot: { light: 'day', movements: [], exposure: { atMs: 6_000, levels: 48 } },
    media: { kind: 'video', durationMs: 12_000 },
  },
];

/** Three days before two cameras. */
export const SCENARIO: readonly Recording[] = [...MORNING_OF_DAY_1, ...EVENING_OF_DAY_1, ...DAY_2, ...DAY_3];
