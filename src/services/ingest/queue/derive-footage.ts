import type { Knex } from 'knex';

import type { Device } from '../../../inference/devices.ts';
import { present } from '../../../lib/present.ts';
import { enrichTracks, type EnrichTally } from '../../enrich/enrich-tracks.ts';
import { chooseAnalysis } from '../choose-analysis.ts';
import { deriveChanged, type DerivedChanges } from '../derive-changed.ts';
import { findTools } from '../find-tools.ts';
import type { IngestSettings } from '../ingest-options.ts';

type DeriveFootageOptions = { settings: IngestSettings; workers: number; signal: AbortSignal; warn: (message: string) => void };

/** The last stages of an ingest by themselves, for all footage that was looked at since: tracks, events, and optional looks at tracks. */
export async function deriveFootage(
  knex: Knex,
  { settings, workers, signal, warn }: DeriveFootageOptions,
): Promise<DerivedChanges & { enriched: EnrichTally[] }> {
  const changes = await deriveChanged(knex, settings, { detections: Infinity, note: warn });
  const tools = await findTools({ settings, warn });
  // Which frames are looked at decides nothing about tracks.
  const request = { plan: { mode: 'still' } } as const;
  const { enrichments } = await chooseAnalysis({ settings, request, tools, warn: () => undefined });
  if (enrichments.track.length === 0) return { ...changes, enriched: [] };
  const init = { stages: enrichments.track, device: settings.detector.device as Device, ...present({ tools }) };
  const enriched = await enrichTracks(knex, { init, workers, mayStart: () => !signal.aborted, signal, warn });
  return { ...changes, enriched };
}
