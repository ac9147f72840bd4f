import type { EventFacts, SubjectFacts, SubjectIdentity, SubjectZone } from '../../../../src/domain/risk/event-facts.ts';
import type { ZoneType } from '../../../../src/domain/enums.ts';
import { groupOf } from '../../../../src/domain/classes.ts';
import { makeFacts } from '../../../helpers/event-facts.ts';

/** 2026-01-14 was a Wednesday; cameras are in UTC here. */
export function at(clock: string): number {
  return Date.parse(`2026-01-14T${clock}Z`);
}

let nextTrack = 1;

type SubjectOptions = {
  label?: string;
  clock?: string;
  zone?: ZoneType;
  seconds?: number;
  identity?: SubjectIdentity;
  more?: Partial<SubjectFacts>;
};

/** A person well seen in many frames, in the zone all the time. */
export function subject({ label = 'person', clock = '14:00:00', zone, seconds = 0, identity, more }: SubjectOptions = {}): SubjectFacts {
  const firstSeenMs = at(clock);
  return {
    trackId: nextTrack++,
    classGroup: groupOf(label),
    label,
    firstSeenMs,
    lastSeenMs: firstSeenMs + seconds * 1000,
    bestScore: 0.9,
    frameCount: 20,
    isStill: false,
    zones: zone === undefined ? [] : [zoneOf(zone, seconds)],
    identity: identity ?? { kind: 'not_compared' },
    cameWithVehicle: null,
    ...more,
  };
}

export function zoneOf(type: ZoneType, seconds = 0): SubjectZone {
  return { id: type, name: `The ${type}`, type, dwellMs: seconds * 1000, entries: 1, exits: 0, suspect: false };
}

export function facts(subjects: readonly SubjectFacts[], more: Partial<EventFacts> = {}): EventFacts {
  const startedAtMs = Math.min(...subjects.map(({ firstSeenMs }) => firstSeenMs), at('23:59:59'));
  const nothingElse = makeFacts();
  return {
    ...nothingElse,
    event: {
      ...nothingElse.event,
      batchId: 'gate-1',
      sequenceId: 'gate-1',
      startedAtMs,
      endedAtMs: Math.max(startedAtMs, ...subjects.map(({ lastSeenMs }) => lastSeenMs)),
      objectTypes: [...new Set(subjects.map(({ label }) => label))],
      detectionCount: subjects.length,
      isFastPath: false,
    },
    camera: { id: 'gate', name: 'Gate', timezone: 'UTC', propertyId: null },
    subjects,
    hasZones: subjects.some(({ zones }) => zones.length > 0),
    ...more,
  };
}

export function anomaly(value: number): Pick<EventFacts, 'baseline'> {
  return { baseline: { anomaly: value, samples: 20, expectedPerHour: 0.1, seen: 1, label: 'person' } };
}

export const UNKNOWN: SubjectIdentity = { kind: 'unknown', entityId: null, name: null, sightings: 0, days: 0 };

export function member(
  trust: 'full' | 'partial' | 'monitor',
  schedule: 'inside' | 'outside' | 'none',
  role: 'resident' | 'service_worker' = 'resident',
): SubjectIdentity {
  return { kind: 'member', memberId: 1, name: 'Anna', role, trust, schedule };
}
