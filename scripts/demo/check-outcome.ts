import type { CameraTruth, DemoTruth, Interval } from './truth.ts';

export type FoundEvent = Interval & { id: string; cameraId: string };
export type FoundFile = { path: string; status: string; code: string; detections: number };

/** What `hs` made of the footage, as its own lists and exports say. Paths are relative to the footage folder. */
export type Outcome = { events: FoundEvent[]; files: FoundFile[]; unchangedByRepeat: boolean };

/** `problems` is empty when the sentence in `claim` holds. */
export type Check = { claim: string; problems: string[] };

/** A figure must be noticed this soon after it enters, and may be lost this long before it leaves. */
const EDGE_MS = 2_500;
/** A parked car counts as new for ten seconds, and snapshots come eight seconds apart. */
const LATE_END_MS = 14_000;
/** Events nearer to each other than the idle gap are one visit. */
const VISIT_GAP_MS = 30_000;

/** Compares what was found with what was drawn. */
export function checkOutcome(truth: DemoTruth, outcome: Outcome): Check[] {
  const quiet = new Set(truth.quiet);
  return [
    {
      claim: `all ${truth.files} files are known`,
      problems: outcome.files.length === truth.files ? [] : [`${outcome.files.length} are listed`],
    },
    {
      claim: 'every drawn movement is covered by an event of its camera',
      problems: truth.cameras.flatMap((camera) => missedMovements(camera, outcome.events)),
    },
    { claim: 'no event where nothing moved', problems: outcome.events.flatMap((event) => describeFalseEvent(event, truth.cameras)) },
    {
      claim: 'the number of events is the one the grouping rule gives',
      problems: truth.cameras.flatMap((camera) => wrongCount(camera, outcome.events)),
    },
    {
      claim: 'quiet footage and the sudden sunshine gave no detection',
      problems: outcome.files.filter((file) => quiet.has(file.path) && (file.detections > 0 || file.status !== 'done')).map(describeFile),
    },
    { claim: 'exactly the damaged file is named, with its reason', problems: wrongDamage(truth, outcome.files) },
    {
      claim: 'a second ingest of the same folder changed nothing',
      problems: outcome.unchangedByRepeat ? [] : ['lists before and after differ'],
    },
  ];
}

function eventsOf(cameraId: string, events: readonly FoundEvent[]): FoundEvent[] {
  return events.filter((event) => event.cameraId === cameraId).sort((a, b) => a.fromMs - b.fromMs);
}

/** Joins events that follow each other within the idle gap. */
function mergeVisits(events: readonly FoundEvent[]): Interval[] {
  const visits: Interval[] = [];
  for (const { fromMs, toMs } of events) {
    const last = visits.at(-1);
    if (last && fromMs - last.toMs <= VISIT_GAP_MS) last.toMs = Math.max(last.toMs, toMs);
    else visits.push({ fromMs, toMs });
  }
  return visits;
}

function missedMovements({ cameraId, moving }: CameraTruth, events: readonly FoundEvent[]): string[] {
  const visits = mergeVisits(eventsOf(cameraId, events));
  return moving
    .filter((drawn) => !visits.some((visit) => visit.fromMs <= drawn.fromMs + EDGE_MS && visit.toMs >= drawn.toMs - EDGE_MS))
    .map((drawn) => `${cameraId}: no event covers ${describeInterval(drawn)}`);
}

function describeFalseEvent(event: FoundEvent, cameras: readonly CameraTruth[]): string[] {
  const moving = cameras.find((camera) => camera.cameraId === event.cameraId)?.moving ?? [];
  const visits = mergeVisits(moving.map((interval) => ({ ...interval, id: '', cameraId: event.cameraId })));
  const explained = visits.some((visit) => event.fromMs >= visit.fromMs - EDGE_MS && event.toMs <= visit.toMs + LATE_END_MS);
  return explained ? [] : [`${event.cameraId}: event ${event.id}, ${describeInterval(event)}`];
}

function wrongCount({ cameraId, expectedEvents }: CameraTruth, events: readonly FoundEvent[]): string[] {
  const found = eventsOf(cameraId, events).length;
  return found === expectedEvents ? [] : [`${cameraId}: ${found} instead of ${expectedEvents}`];
}

function wrongDamage(truth: DemoTruth, files: readonly FoundFile[]): string[] {
  const named = files.filter((file) => file.status !== 'done');
  const missing = truth.damaged.filter((drawn) => !named.some((file) => file.path === drawn.path && file.code === drawn.code));
  const wrong = named.filter((file) => !truth.damaged.some((drawn) => drawn.path === file.path));
  return [...missing.map((drawn) => `not named: ${drawn.path} (${drawn.code})`), ...wrong.map(describeFile)];
}

function describeFile(file: FoundFile): string {
  return `${file.path}: ${[file.status, file.code].filter(Boolean).join(' ')}, ${file.detections} detections`;
}

function describeInterval({ fromMs, toMs }: Interval): string {
  return `${new Date(fromMs).toISOString()} to ${new Date(toMs).toISOString()}`;
}
