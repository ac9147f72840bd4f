import type { SeenThreat } from '../../domain/enrichment/threats.ts';
import type { EnrichFrame, FrameEnrichment, FrameResult } from './frame-enrichment.ts';
import { cocoThreats } from './stages/coco-threats.ts';
import { imageQuality } from './stages/image-quality.ts';

const FRAME_ENRICHMENTS = [imageQuality, cocoThreats] as const satisfies FrameEnrichment[];

export type FrameEnrichmentName = (typeof FRAME_ENRICHMENTS)[number]['name'];

/** What is stored with a detection besides its box. */
export type DetectionExtras = { enrichment?: Record<string, unknown>; threats?: SeenThreat[] };

/** Runs these enrichments on one frame; a frame in which nothing was found costs nothing. */
export function enrichFrame(names: readonly FrameEnrichmentName[], frame: EnrichFrame): DetectionExtras[] {
  const extras: DetectionExtras[] = frame.found.map(() => ({}));
  if (extras.length === 0) return extras;
  for (const stage of FRAME_ENRICHMENTS) {
    if (!names.includes(stage.name)) continue;
    for (const [index, result] of stage.enrich(frame).entries()) {
      const extra = extras[index];
      if (extra !== undefined && result !== undefined) addResult(extra, stage.name, result);
    }
  }
  return extras;
}

function addResult(extra: DetectionExtras, name: string, { data, threats = [] }: FrameResult): void {
  extra.enrichment = { ...extra.enrichment, [name]: data };
  if (threats.length > 0) extra.threats = [...(extra.threats ?? []), ...threats];
}
