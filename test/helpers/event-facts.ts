import type { EventFacts, SubjectFacts, SubjectZone } from '../../src/domain/risk/event-facts.ts';

export const EVENT_BEGIN_MS = Date.parse('2026-01-14T14:15:00Z');

export function makeSubject(more: Partial<SubjectFacts> = {}): SubjectFacts {
  return {
    trackId: 1,
    classGroup: 'person',
    label: 'person',
    firstSeenMs: EVENT_BEGIN_MS,
    lastSeenMs: EVENT_BEGIN_MS + 45_000,
    bestScore: 0.91,
    frameCount: 40,
    isStill: false,
    zones: [],
    identity: { kind: 'not_compared' },
    cameWithVehicle: null,
    ...more,
  };
}

export function makeZone(more: Partial<SubjectZone> = {}): SubjectZone {
  return { id: 'z-door', name: 'Front door', type: 'entry_point', dwellMs: 45_000, entries: 1, exits: 1, suspect: false, ...more };
}

/** A person for 45 s by day, of whom nothing else is known. */
export function makeFacts(more: Partial<EventFacts> = {}): EventFacts {
  return {
    event: {
      id: 1,
      batchId: 'front_door-20260114T141500000Z',
      sequenceId: null,
      startedAtMs: EVENT_BEGIN_MS,
      endedAtMs: EVENT_BEGIN_MS + 45_000,
      objectTypes: ['person'],
      detectionCount: 40,
      isFastPath: true,
      timeAmbiguous: false,
      stored: { score: null, level: null, source: 'none', ruleScore: null },
    },
    camera: { id: 'front_door', name: 'Front door', timezone: 'America/New_York', propertyId: null },
    subjects: [makeSubject()],
    hasZones: false,
    baseline: null,
    otherCameras: { hasCoverage: false, sightings: [] },
    sceneChanges: [],
    threats: [],
    actions: [],
    pictureQuality: null,
    weather: null,
    damagedFiles: [],
    ...more,
  };
}
