import type { AuditFlag } from '../event-audit.ts';
import type { EventFacts } from './event-facts.ts';

/** Stages whose result was there to score an event with, whatever they found. */
export type AuditFlags = Readonly<Record<AuditFlag, boolean>>;

const MIN_SAMPLES = 10;

export function auditFlags(facts: EventFacts): AuditFlags {
  const { subjects, actions, baseline } = facts;
  const isCompared = subjects.filter(({ identity }) => identity.kind !== 'not_compared');
  return {
    has_yolo26: subjects.some(({ classGroup }) => classGroup !== 'motion'),
    has_florence: false,
    has_clip: isCompared.length > 0,
    has_violence: actions.length > 0,
    has_clothing: false,
    has_vehicle: isCompared.some(({ classGroup }) => classGroup === 'vehicle'),
    has_pet: false,
    has_weather: facts.weather !== null,
    has_image_quality: facts.pictureQuality !== null,
    has_zones: facts.hasZones,
    has_baseline: baseline !== null && baseline.samples >= MIN_SAMPLES,
    has_cross_camera: facts.otherCameras.hasCoverage,
  };
}

/** Share of the stages that were there, in percent to two decimals. */
export function enrichmentUtilization(flags: AuditFlags): number {
  const all = Object.values(flags);
  return Math.round((10_000 * all.filter(Boolean).length) / all.length) / 100;
}
