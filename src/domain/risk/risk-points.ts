type GroupPoints<Group extends string> = Readonly<Record<Group, number>>;

export type ScoredGroup = 'person' | 'vehicle' | 'bicycle' | 'other' | 'motion' | 'animal';
type ZoneKey = 'entryPoint' | 'yard' | 'driveway' | 'sidewalk' | 'other';

/** What each factor of the rule score is worth. */
export type RiskPoints = Readonly<{
  class: GroupPoints<ScoredGroup>;
  night: GroupPoints<Exclude<ScoredGroup, 'animal'>>;
  earlyOrLate: GroupPoints<'person'>;
  day: GroupPoints<'person'>;
  zonePerson: GroupPoints<ZoneKey>;
  /** Also of bicycles. */
  zoneVehicle: GroupPoints<ZoneKey>;
  stay: GroupPoints<
    'halfMinute' | 'minute' | 'threeMinutes' | 'tenMinutes' | 'sidewalkFiveMinutes' | 'inViewThreeMinutes' | 'inViewTenMinutes'
  >;
  identity: GroupPoints<'partial' | 'trusted' | 'untrusted' | 'unknown'>;
  /** The most a known member or vehicle can have. */
  cap: GroupPoints<'insideSchedule' | 'withoutSchedule' | 'outsideSchedule' | 'trustedVehicle'>;
  schedule: GroupPoints<'outside' | 'expected'>;
  familiar: GroupPoints<'often' | 'sometimes'>;
  companion: number;
  group: GroupPoints<'each' | 'most'>;
  baseline: GroupPoints<'veryUnusual' | 'unusual' | 'usual'>;
  otherCameras: GroupPoints<'each' | 'most'>;
  weakEvidence: number;
  scene: GroupPoints<'viewBlocked' | 'viewTampered' | 'angleChanged' | 'unknown'>;
}>;

/** Of §9.1. */
export const DEFAULT_RISK_POINTS: RiskPoints = {
  class: { person: 20, vehicle: 8, bicycle: 8, other: 6, motion: 4, animal: 2 },
  night: { person: 25, vehicle: 10, bicycle: 10, motion: 4, other: 4 },
  earlyOrLate: { person: 5 },
  day: { person: -5 },
  zonePerson: { entryPoint: 12, yard: 10, driveway: 6, sidewalk: -10, other: 0 },
  zoneVehicle: { entryPoint: 6, yard: 10, driveway: 4, sidewalk: -4, other: 0 },
  stay: {
    halfMinute: 5,
    minute: 12,
    threeMinutes: 18,
    tenMinutes: 28,
    sidewalkFiveMinutes: 10,
    inViewThreeMinutes: 8,
    inViewTenMinutes: 15,
  },
  identity: { partial: -15, trusted: -20, untrusted: 20, unknown: 5 },
  cap: { insideSchedule: 5, withoutSchedule: 10, outsideSchedule: 20, trustedVehicle: 10 },
  schedule: { outside: 10, expected: -10 },
  familiar: { often: -10, sometimes: -5 },
  companion: -25,
  group: { each: 4, most: 12 },
  baseline: { veryUnusual: 12, unusual: 8, usual: -5 },
  otherCameras: { each: 5, most: 10 },
  weakEvidence: -5,
  scene: { viewBlocked: 25, viewTampered: 20, angleChanged: 15, unknown: 5 },
};
