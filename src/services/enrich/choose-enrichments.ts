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
export async function chooseEnrichments(options: Options): Promise<ChosenEnrichments> {
  const { store, settings, detector, warn } = options;
  const frame = chooseFrameEnrichments(options);
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

function chooseFrameEnrichments({ settings, detector, isGiven = false, warn }: Options): FrameEnrichmentName[] {
  const chosen: FrameEnrichmentName[] = settings.enrich.imageQuality ? ['image_quality'] : [];
  if (!settings.detector.cocoThreats) return chosen;
  if (!isGiven && knowsCocoThreats(detector)) return [...chosen, 'coco_threats'];
  const why = isGiven
    ? 'threats are not taken from detections made elsewhere'
    : `${detector?.card.id ?? 'the motion detector'} knows no ${[...COCO_THREATS.keys()].join(' and no ')}`;
  warn(`detector.coco_threats: ${why}`);
  return chosen;
}

/** Whether it tells apart what counts as a COCO threat. */
export function knowsCocoThreats(detector: InstalledDetector | undefined): boolean {
  return detector !== undefined && labelsOf(detector.card).some((label) => COCO_THREATS.has(label));
}
