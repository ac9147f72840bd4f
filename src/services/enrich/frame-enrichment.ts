import type { Size } from '../../domain/box.ts';
import type { FrameDetection } from '../../domain/detection.ts';
import type { SeenThreat } from '../../domain/enrichment/threats.ts';
import type { GreyPicture } from '../../domain/picture.ts';

/** One analysed frame with what was found in it; boxes in pixels of the original picture. */
export type EnrichFrame = {
  original: Size;
  /** As for the motion background, at most 320 wide. Made when first asked for. */
  luma: () => GreyPicture;
  /** What is stored. */
  found: readonly FrameDetection[];
  /** All the detector said, also of classes that are not stored. */
  seen: readonly FrameDetection[];
};

/** `data` is noted under the name of the enrichment; threats become rows of their own as well. */
export type FrameResult = { data: unknown; threats?: readonly SeenThreat[] };

/**
 * A look at a frame that is decoded anyway, in the process that decoded it, without a model of its own. A new one is a file in `stages/`
 * and a line in `enrich-frame.ts`.
 */
export type FrameEnrichment = {
  /** Key in `enrichment_data`; that it is there says that the enrichment ran. */
  name: string;
  trigger: 'frame with detections';
  model: null;
  table: 'threat_detections' | null;
  /** What is noted of each of `found`, in their order; undefined for one that was not looked at. */
  enrich(frame: EnrichFrame): readonly (FrameResult | undefined)[];
};
