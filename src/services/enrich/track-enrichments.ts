import type { InstalledDetector } from '../../inference/model-store.ts';
import { faces } from './stages/faces.ts';
import { licensePlates } from './stages/license-plates.ts';
import { threats } from './stages/threats.ts';
import type { TrackEnrichment } from './track-enrichment.ts';

export const TRACK_ENRICHMENTS: readonly TrackEnrichment[] = [threats, faces, licensePlates];

/** One that is on, with the model that does it. Plain data: it goes to another process. */
export type ChosenTrackEnrichment = { name: string; model: InstalledDetector };

export function trackEnrichment(name: string): TrackEnrichment {
  const found = TRACK_ENRICHMENTS.find((stage) => stage.name === name);
  if (found === undefined) throw new RangeError(`there is no enrichment ${name}`);
  return found;
}
