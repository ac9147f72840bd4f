import path from 'node:path';
import { Command } from 'commander';
import { MIN_CROP_HEIGHT_PX, trackAppearance } from '../../src/domain/household/appearance.ts';
import { createEmbedder, type Embedder } from '../../src/inference/embedder.ts';
import { isEmbedder, openModelStore, readShippedCards } from '../../src/inference/model-store.ts';
import { cropPicture } from '../../src/media/crop-picture.ts';
import { locateFfmpeg } from '../../src/media/ffmpeg/locate-ffmpeg.ts';
import { probeVideo } from '../../src/media/probe-video.ts';
import { readFrames } from '../../src/media/read-frames.ts';
import { readGroundTruth, type TrueBox } from './ground-truth.ts';
import { scoresOf, type Labelled, type Scores } from './scores.ts';

const BAR_AUC = 0.95;
const BAR_RANK1 = 0.9;

type Options = { clip: string; truth: string; model: string; weights: string; fps: string; step: string; gap: string; span: string };

const options = new Command('bench/reid')
  .description('People of a clip with ground truth recognised again: cut out, embedded and compared by the product')
  .requiredOption('--clip <file>', 'video')
  .requiredOption('--truth <file>', 'ground truth of its boxes, MOTChallenge format')
  .requiredOption('--weights <file>', 'the model')
  .option('--model <id>', 'its shipped card', 'person-reidentification-retail-0248')
  .option('--fps <number>', 'frames a second of the clip', '7')
  .option('--step <frames>', 'take every so many frames', '7')
  .option('--gap <seconds>', 'two pictures of one person are compared when so much time lies between them', '2')
  .option('--span <seconds>', 'a track is cut into sightings of this length', '4')
  .parse()
  .opts<Options>();

type Cut = Labelled & { heightPx: number; quality: number };

const fps = Number(options.fps);
const gapMs = Number(options.gap) * 1000;
const spanMs = Number(options.span) * 1000;

async function openModel(): Promise<Embedder> {
  const card = (await readShippedCards(openModelStore('/nowhere'))).find(({ id }) => id === options.model);
  if (card === undefined) throw new Error(`no shipped card ${options.model}`);
  const model = { card, path: path.resolve(options.weights), sha256: card.sha256 };
  if (!isEmbedder(model)) throw new Error(`${card.id} makes no embeddings`);
  return createEmbedder(model, 'cpu');
}

/** Boxes that lie in the picture whole: the truth goes on outside. */
async function cutOut(boxes: readonly TrueBox[], embedder: Embedder): Promise<{ cuts: Cut[]; frames: number; msPerCrop: number }> {
  const file = { path: path.resolve(options.clip), root: path.dirname(path.resolve(options.clip)) };
  const tools = await locateFfmpeg();
  const probe = await probeVideo(file, tools);
  const wanted = [...new Set(boxes.map(({ frame }) => frame))].filter((frame) => frame % Number(options.step) === 0);
  const frameAt = new Map(wanted.map((frame) => [Math.round((frame * 1000) / fps), frame]));
  const cuts: Cut[] = [];
  let [frames, spentMs] = [0, 0];
  for await (const { offsetMs, picture } of readFrames(file, { tools, probe, offsetsMs: [...frameAt.keys()] })) {
    frames += 1;
    for (const box of boxes.filter(({ frame }) => frame === frameAt.get(offsetMs))) {
      if (box.x < 0 || box.y < 0 || box.x + box.width > picture.width || box.y + box.height > picture.height) continue;
      const startedMs = performance.now();
      const crop = await cropPicture(picture, box, (size) => embedder.planInput(size));
      if (!crop) continue;
      const vector = await embedder.embed(crop.picture, crop.original);
      spentMs += performance.now() - startedMs;
      cuts.push({ id: box.id, atMs: offsetMs, vector, heightPx: box.height, quality: box.width * box.height });
    }
  }
  if (frames < wanted.length) throw new Error(`only ${frames} of ${wanted.length} frames were found again`);
  return { cuts, frames, msPerCrop: spentMs / cuts.length };
}

/** What the product compares: a track's mean of up to five crops. */
function sightingsOf(cuts: readonly Cut[], minHeightPx: number): Labelled[] {
  const spans = new Map<string, Cut[]>();
  for (const cut of cuts) {
    const key = `${cut.id} ${Math.floor(cut.atMs / spanMs)}`;
    spans.set(key, [...(spans.get(key) ?? []), cut]);
  }
  return [...spans.values()].flatMap((span) => {
    const crops = span.map((cut) => ({ ...cut, modelId: options.model, heightPx: cut.heightPx >= minHeightPx ? MIN_CROP_HEIGHT_PX : 0 }));
    const appearance = trackAppearance(crops);
    const [first] = span;
    return appearance && first ? [{ id: first.id, atMs: first.atMs, vector: appearance.vector }] : [];
  });
}

function row(what: string, { items, identities, auc, rank1, queries, same, different }: Scores): Record<string, string | number> {
  const counts = { pictures: items, people: identities, queries };
  return { what, ...counts, AUC: auc.toFixed(3), 'rank-1': rank1.toFixed(3), same: same.toFixed(2), different: different.toFixed(2) };
}

/** How many pairs of one person a threshold finds, and how many of two it takes for one. */
function thresholds({ pairs }: Scores): Record<string, string>[] {
  const share = (isSame: boolean, threshold: number): string => {
    const chosen = pairs.filter((pair) => pair.isSame === isSame);
    return `${((100 * chosen.filter(({ similarity }) => similarity >= threshold).length) / chosen.length).toFixed(1)} %`;
  };
  return [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9].map((threshold) => ({
    threshold: threshold.toFixed(2),
    'same found': share(true, threshold),
    'different taken': share(false, threshold),
  }));
}

const embedder = await openModel();
const { cuts, frames, msPerCrop } = await cutOut(await readGroundTruth(options.truth), embedder);
await embedder.close();
const crops = scoresOf(cuts, gapMs);
const large = cuts.filter(({ heightPx }) => heightPx >= MIN_CROP_HEIGHT_PX);
const tracks = scoresOf(sightingsOf(cuts, 0), gapMs);
console.table([
  row('crops', crops),
  row(`crops from ${MIN_CROP_HEIGHT_PX} px`, scoresOf(large, gapMs)),
  row('tracks', tracks),
  row(`tracks from ${MIN_CROP_HEIGHT_PX} px`, scoresOf(sightingsOf(cuts, MIN_CROP_HEIGHT_PX), gapMs)),
]);
console.table(thresholds(tracks));
console.log(`${frames} frames, ${msPerCrop.toFixed(1)} ms a crop; bars on crops: AUC ${BAR_AUC}, rank-1 ${BAR_RANK1}`);
process.exitCode = crops.auc >= BAR_AUC && crops.rank1 >= BAR_RANK1 ? 0 : 1;
