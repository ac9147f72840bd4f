import { dirname, resolve } from 'node:path';

import type { RawDetection } from '../../domain/detection.ts';
import { MIN_CROP_HEIGHT_PX } from '../../domain/household/appearance.ts';
import type { RgbPicture } from '../../domain/picture.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { createDetector } from '../../inference/detector.ts';
import type { Embedder } from '../../inference/embedder.ts';
import { chooseModel, openModelStore } from '../../inference/model-store.ts';
import { cropPicture, type CropBox } from '../../media/crop-picture.ts';
import { MediaError } from '../../media/media-error.ts';
import { readStill } from '../footage/read-still.ts';

type PortraitOptions = {
  embedder: Embedder;
  settings: { home: string; detector: { model?: string | undefined } };
};

const PERSON_SCORE = 0.5;
/** A second person this large beside the first: nobody can say which of them is meant. */
const RIVAL_SHARE = 0.5;
/** A picture this much higher than wide is taken for a crop of one person. */
const PORTRAIT_RATIO = 1.5;

/**
 * What the person in a picture looks like: the one the installed detector finds, or the whole picture where it is one of a person and
 * there is no detector. Throws a usage error when it is not clear who is meant.
 */
export async function embedPortrait(
  path: string,
  { embedder, settings }: PortraitOptions,
): Promise<{ vector: Float32Array; confidence: number; source: string }> {
  const { picture, found } = await readPortrait(path, settings);
  const whole = wholeOf(picture);
  const { box, confidence } = found === undefined ? { box: whole, confidence: 1 } : choosePerson(path, found, whole);
  if (box.height < MIN_CROP_HEIGHT_PX) {
    throw new UsageError(
      `${path}: the person is ${String(Math.round(box.height))} px high, at least ${String(MIN_CROP_HEIGHT_PX)} are needed`,
    );
  }
  if (found === undefined && box.height < PORTRAIT_RATIO * box.width) {
    throw new UsageError(`${path} is not a picture of one standing person`, {
      hint: 'cut the person out, or install a detector model that finds people: hs models list',
    });
  }
  const crop = await cropPicture(picture, box, (size) => embedder.planInput(size));
  if (!crop) throw new UsageError(`${path}: the person is outside the picture`);
  return { vector: await embedder.embed(crop.picture, crop.original), confidence, source: path };
}

/** Decoded whole, as the person is cut out of it; what the detector looks at is scaled down from that. `found` is missing without a detector. */
async function readPortrait(path: string, settings: PortraitOptions['settings']): Promise<{ picture: RgbPicture; found?: RawDetection[] }> {
  try {
    const location = { path: resolve(path), root: dirname(resolve(path)) };
    const picture = await readStill(location);
    const model = await chooseModel(openModelStore(settings.home), wantedDetector(settings));
    if (model === undefined) return { picture };
    const detector = await createDetector({ model, device: 'auto', scoreFloor: PERSON_SCORE });
    try {
      const scaled = await cropPicture(picture, wholeOf(picture), (original) => detector.planInput(original));
      return scaled === undefined ? { picture } : { picture, found: await detector.detect(scaled.picture, scaled.original) };
    } finally {
      await detector.close();
    }
  } catch (error) {
    if (error instanceof MediaError) throw new UsageError(`${path} ${error.message}`, { code: error.code, cause: error });
    throw error;
  }
}

/** The built-in motion detector has a name, too, and finds nobody in a picture. */
function wantedDetector({ detector }: PortraitOptions['settings']): string | undefined {
  return detector.model === 'motion' ? undefined : detector.model;
}

function choosePerson(path: string, found: readonly RawDetection[], whole: CropBox): { box: CropBox; confidence: number } {
  const people = found
    .filter(({ label }) => label === 'person')
    .map(({ box, score }) => ({
      box: { x: box.x1, y: box.y1, width: box.x2 - box.x1, height: box.y2 - box.y1 },
      confidence: Math.min(1, score),
    }))
    .sort((a, b) => areaOf(b.box) - areaOf(a.box));
  const [first, second] = people;
  if (first === undefined) {
    // A tight crop leaves a detector nothing around the person to go by.
    if (whole.height >= PORTRAIT_RATIO * whole.width) return { box: whole, confidence: 1 };
    throw new UsageError(`${path}: nobody is found in the picture`, { hint: 'cut the person out' });
  }
  if (second !== undefined && areaOf(second.box) >= RIVAL_SHARE * areaOf(first.box)) {
    throw new UsageError(`${path}: there are several people in the picture`, { hint: 'cut out the one who is meant' });
  }
  return first;
}

function wholeOf({ width, height }: RgbPicture): CropBox {
  return { x: 0, y: 0, width, height };
}

function areaOf({ width, height }: CropBox): number {
  return width * height;
}
