import { COCO_THREATS } from '../../domain/enrichment/threats.ts';
import { labelsOf } from '../../inference/model-card.ts';
import { chooseFinder, type InstalledDetector, type ModelStore } from '../../inference/model-store.ts';
import type { FrameEnrichmentName } from './enrich-frame.ts';
import type { EnrichSettings } from './enrich-settings.ts';
import { TRACK_ENRICHMENTS, type ChosenTrackEnrichment } from './track-enrichments.ts';

type Options = {
  store: ModelStore;
  settings: { enrich: EnrichSettings; detector: { cocoThreats: boolean } };
  /** The model that objects are detected with; absent: the built-in motion detector. */
  detector: InstalledDetector | undefined;
  /** Detections were made elsewhere. */
  isGiven?: boolean;
  warn: (message: string) => void;
};

export type ChosenEnrichments = {
  /** In the frames of files, as they are analysed. */
  frame: FrameEnrichmentName[];
  /** On the crops of tracks, when those are derived. */
  track: ChosenTrackEnrichment[];
  /** What is on, each with the model that does it; null: none is needed. */
  models: Record<string, string | null>;
};

/** What is switched on and can be done. A model that is not there is said, and is no reason to do nothing else. */
export async function chooseEnrichments({ store, settings, detector, isGiven = false, warn }: Options): Promise<ChosenEnrichments> {
  const frame: FrameEnrichmentName[] = settings.enrich.imageQuality ? ['image_quality'] : [];
  if (settings.detector.cocoThreats) {
    if (isGiven) warn('detector.coco_threats: threats are not taken from detections made elsewhere');
    else if (knowsCocoThreats(detector)) frame.push('coco_threats');
    else warn(`detector.coco_threats: ${detector?.card.id ?? 'the motion detector'} knows no ${[...COCO_THREATS.keys()].join(' and no ')}`);
  }
  const track: ChosenTrackEnrichment[] = [];
  for (const { name, setting, task, isOptional } of TRACK_ENRICHMENTS) {
    if (!settings.enrich[setting]) continue;
    const model = await chooseFinder(store, task);
    if (model !== undefined) track.push({ name, model });
    else if (!isOptional) warn(`enrich.${setting}: no model for ${task} is installed; see: hs models list`);
  }
  const models: [string, string | null][] = [
    ...frame.map((name): [string, string | null] => [name, name === 'coco_threats' ? (detector?.card.id ?? null) : null]),
    ...track.map(({ name, model }): [string, string] => [name, model.card.id]),
  ];
  return { frame, track, models: Object.fromEntries(models) };
}

/** Whether it tells apart what counts as a COCO threat. */
export function knowsCocoThreats(detector: InstalledDetector | undefined): boolean {
  return detector !== undefined && labelsOf(detector.card).some((label) => COCO_THREATS.has(label));
}
