import type { Knex } from 'knex';
import { deriveChanged, type DerivedChanges, type DeriveSettings } from '../ingest/derive-changed.ts';
import type { ZoneEffect } from './write-zone.ts';

/** What became of events when zones changed; undefined where no event depends on them. */
export type ZoneOutcome = { effect: ZoneEffect; derived: DerivedChanges | undefined };

/** Brings the events that zones were changed for up to date. What an interruption leaves is finished by the next ingest. */
export async function deriveZoneEffect(knex: Knex, effect: ZoneEffect, settings: DeriveSettings): Promise<ZoneOutcome> {
  if (effect.events.length === 0) return { effect, derived: undefined };
  return { effect, derived: await deriveChanged(knex, settings, { detections: 0 }) };
}

export function joinEffects(effects: readonly ZoneEffect[]): ZoneEffect {
  return {
    events: [...new Set(effects.flatMap(({ events }) => events))],
    motion: [...new Set(effects.flatMap(({ motion }) => motion))],
  };
}
