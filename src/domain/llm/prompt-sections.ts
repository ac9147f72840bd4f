import type { BaselineFacts, EventFacts, SubjectFacts, SubjectIdentity } from '../risk/event-facts.ts';
import { formatLocal, utcToLocal } from '../time/local-time.ts';
import type { Aliases } from './prompt-aliases.ts';
import { sanitise } from './sanitise.ts';

/** A section of the prompt; one without lines is left out. */
export type Section = { id: string; title: string; lines: string[] };

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const NIGHT_BEGINS = 22;
const DAY_BEGINS = 7;
const DAY_ENDS = 20;
const NIGHT_ENDS = 6;

export function eventSection({ event, camera, damagedFiles }: EventFacts, aliases: Aliases): Section {
  const { startedAtMs, endedAtMs, sequenceId, timeAmbiguous } = event;
  const local = utcToLocal(startedAtMs, camera.timezone);
  const weekday = WEEKDAYS[new Date(Date.UTC(local.year, local.month - 1, local.day)).getUTCDay()] ?? '';
  return {
    id: 'event',
    title: 'Event',
    lines: [
      `camera ${aliases.camera(camera.id)}`,
      `begins ${weekday} ${timeText(startedAtMs, camera.timezone)} local time (${partOfDay(local.hour)})`,
      `lasts ${secondsText(endedAtMs - startedAtMs)}`,
      ...(sequenceId === null ? [] : ['part of a longer going-on that was split into several events']),
      ...(timeAmbiguous ? ['its time is not certain'] : []),
      ...damagedFiles.map(({ fraction }) => `a file could be read only in part${fraction === null ? '' : ` (${percent(fraction)})`}`),
    ],
  };
}

/** One line per track, the most certain first, so that the weakest can be dropped from the end. */
export function detectionLines({ subjects, camera }: EventFacts, aliases: Aliases): { trackId: number; line: string }[] {
  return [...subjects]
    .sort((a, b) => b.bestScore - a.bestScore || a.trackId - b.trackId)
    .map((subject) => ({ trackId: subject.trackId, line: detectionLine(subject, camera.timezone, aliases) }));
}

function detectionLine(subject: SubjectFacts, timezone: string, aliases: Aliases): string {
  const { trackId, label, bestScore, firstSeenMs, lastSeenMs, frameCount, isStill, zones } = subject;
  const time = `${clockText(firstSeenMs, timezone)} to ${clockText(lastSeenMs, timezone)} (${secondsText(lastSeenMs - firstSeenMs)})`;
  const where = zones.length === 0 ? '' : `, zones ${zones.map(({ id }) => aliases.zone(id)).join(' ')}`;
  const stills = isStill ? ', in stills' : '';
  return `T${String(trackId)}: ${sanitise(label, 32)}, best score ${bestScore.toFixed(2)}, ${time}, ${String(frameCount)} frames${stills}${where}`;
}

export function threatSection({ threats, actions }: EventFacts): Section {
  const of = (trackId: number | null): string => (trackId === null ? '' : ` at T${String(trackId)}`);
  return {
    id: 'threats',
    title: 'Threats and actions',
    lines: [
      ...threats.map(({ type, confidence, trackId }) => `threat ${sanitise(type, 32)} ${confidence.toFixed(2)}${of(trackId)}`),
      ...actions.map(
        ({ action, confidence, isSuspicious, trackId }) =>
          `action ${sanitise(action)} ${confidence.toFixed(2)}${isSuspicious ? ', suspicious' : ''}${of(trackId)}`,
      ),
    ],
  };
}

export function identitySection({ subjects }: EventFacts, aliases: Aliases): Section {
  const isAnyCompared = subjects.some(({ identity, cameWithVehicle }) => identity.kind !== 'not_compared' || cameWithVehicle !== null);
  const lines = isAnyCompared
    ? subjects.flatMap((subject) => identityLines(subject, aliases))
    : subjects.length > 0
      ? ['Nobody was compared with known people and vehicles.']
      : [];
  return { id: 'identity', title: 'People and vehicles', lines };
}

function identityLines({ trackId, identity, cameWithVehicle }: SubjectFacts, aliases: Aliases): string[] {
  const subject = `T${String(trackId)}`;
  return [
    `${subject}: ${identityText(identity, aliases)}`,
    ...(cameWithVehicle === null ? [] : [`${subject} came with the registered vehicle ${aliases.vehicle(cameWithVehicle.vehicleId)}`]),
  ];
}

function identityText(identity: SubjectIdentity, aliases: Aliases): string {
  switch (identity.kind) {
    case 'not_compared':
      return 'identity was not checked';
    case 'unknown': {
      const { entityId, sightings, days } = identity;
      const who = entityId === null ? '' : ` (${aliases.entity(entityId)})`;
      return `not recognised${who}${sightings > 0 ? `, seen ${String(sightings)} times before on ${String(days)} days` : ''}`;
    }
    case 'entity':
      return `recognised as ${aliases.entity(identity.entityId)}, ${identity.trust}`;
    case 'member': {
      const { memberId, role, trust, schedule } = identity;
      const hours = schedule === 'none' ? 'no usual hours' : `${schedule} the usual hours`;
      return `household member ${aliases.member(memberId)}, ${role.replace('_', ' ')}, trust ${trust}, ${hours}`;
    }
    case 'vehicle':
      return `registered vehicle ${aliases.vehicle(identity.vehicleId)}, ${identity.trusted ? 'trusted' : 'not trusted'}`;
  }
}

export function zoneSection({ subjects, hasZones }: EventFacts, aliases: Aliases): Section {
  const visits = subjects.flatMap(({ trackId, zones }) =>
    zones.map(({ id, type, dwellMs, entries, exits }) => {
      const moves = `${String(entries)} entries, ${String(exits)} exits`;
      return `T${String(trackId)} in ${aliases.zone(id)} (${type.replace('_', ' ')}): ${secondsText(dwellMs)}, ${moves}`;
    }),
  );
  return { id: 'zones', title: 'Zones', lines: visits.length > 0 || hasZones ? visits : ['The camera has no zones.'] };
}

export function baselineSection({ baseline }: EventFacts): Section {
  return { id: 'baseline', title: 'What is usual', lines: baseline === null ? [] : [baselineLine(baseline)] };
}

function baselineLine({ anomaly, samples, expectedPerHour, seen, label }: BaselineFacts): string {
  const what = label === null ? 'all classes' : sanitise(label, 32);
  const numbers = `expected ${expectedPerHour.toFixed(2)} an hour, seen ${String(seen)}`;
  return `${what}: ${numbers}; ${percent(anomaly)} of such hours have fewer (from ${String(samples)} hours)`;
}

export function otherCamerasSection({ otherCameras, event }: EventFacts, aliases: Aliases): Section {
  const lines = otherCameras.sightings.map(({ cameraId, label, atMs, entityId }) => {
    const offset = Math.round((atMs - event.startedAtMs) / 1000);
    const who = entityId === null ? '' : ` (${aliases.entity(entityId)})`;
    return `${sanitise(label, 32)}${who} at ${aliases.camera(cameraId)}, ${String(Math.abs(offset))} s ${offset < 0 ? 'before' : 'after'} the begin`;
  });
  return { id: 'other_cameras', title: 'Other cameras of the property', lines };
}

export function cameraHealthSection({ sceneChanges, subjects }: EventFacts, aliases: Aliases): Section {
  const suspect = new Set(subjects.flatMap(({ zones }) => zones.filter((zone) => zone.suspect).map(({ id }) => aliases.zone(id))));
  return {
    id: 'camera_health',
    title: 'Camera',
    lines: [
      ...sceneChanges.map(({ type }) => `its view changed: ${type.replace('_', ' ')}`),
      ...(suspect.size === 0 ? [] : [`these zones may lie elsewhere by now: ${[...suspect].join(' ')}`]),
    ],
  };
}

export function environmentSection({ weather, pictureQuality }: EventFacts): Section {
  const qualities = Object.entries(pictureQuality ?? {}).flatMap(([name, value]) =>
    value === null ? [] : [`${name} ${value.toFixed(2)} (0 bad, 1 good)`],
  );
  return { id: 'environment', title: 'Environment', lines: [...(weather === null ? [] : [`weather: ${sanitise(weather)}`]), ...qualities] };
}

/** Date and time with the offset, to the second. */
function timeText(atMs: number, timezone: string): string {
  return formatLocal(atMs, timezone).replace(/\.\d+/, '').replace('T', ' ');
}

export function clockText(atMs: number, timezone: string): string {
  return formatLocal(atMs, timezone).slice(11, 19);
}

function partOfDay(hour: number): string {
  if (hour >= NIGHT_BEGINS || hour < NIGHT_ENDS) return 'night';
  return hour >= DAY_ENDS || hour < DAY_BEGINS ? 'early or late' : 'day';
}

function secondsText(ms: number): string {
  return `${(ms / 1000).toFixed(1).replace(/\.0$/, '')} s`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1).replace(/\.0$/, '')} %`;
}
