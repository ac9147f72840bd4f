import { createAnalysisGate } from '../../../domain/analysis-gate.ts';
import type { MotionObservation } from '../../../domain/background-model.ts';
import { toStoredBox } from '../../../domain/box.ts';
import { passesGate } from '../../../domain/classes.ts';
import type { FrameDetection } from '../../../domain/detection.ts';
import type { ChainLink } from '../../../domain/file-chain.ts';
import { motionSize, planMotionLuma, toMotionLuma, type LumaPlan } from '../../../domain/luma.ts';
import { motionDetections } from '../../../domain/motion-detections.ts';
import type { Detector } from '../../../inference/detector.ts';
import { onceMade } from '../../../lib/once-made.ts';
import { enrichFrame } from '../../enrich/enrich-frame.ts';
import type { AnalysisSettings, FileRecord, FileToAnalyse, LookedAtFrame } from './analysis-task.ts';
import type { DecodeAhead } from './decode-ahead.ts';
import type { GreyChain } from './grey-chain.ts';
import { createSceneFacts } from './scene-facts.ts';

/** What a worker keeps for its whole life. */
export type Analyser = { settings: AnalysisSettings; detector: Detector | undefined; chain: GreyChain; decode: DecodeAhead };

/** Whether frames of this file are compared with a background at all. */
export function needsBackground(settings: AnalysisSettings, file: FileToAnalyse): boolean {
  if (settings.given === true) return false;
  if (settings.model === undefined) return true;
  return settings.plan.mode === 'motion' && file.mediaType === 'video' && !file.movingCamera;
}

export function chainLinkOf(file: FileToAnalyse): ChainLink {
  const picture = { width: file.width ?? 0, height: file.height ?? 0 };
  return { startMs: file.startMs, endMs: file.endMs, picture, isStill: file.mediaType === 'image' };
}

/** Looks at the sampled frames of one file, or of a part of it (`link`), in order: background, gate, detector. */
export function createFileAnalysis(analyser: Analyser, file: FileToAnalyse, link = chainLinkOf(file)) {
  const { settings, chain } = analyser;
  const background = needsBackground(settings, file);
  const gated = settings.plan.mode === 'motion' && file.mediaType === 'video' && !file.movingCamera;
  const gate = createAnalysisGate();
  const scene = createSceneFacts(file);
  const record: FileRecord = { detections: [], analysedOffsetsMs: [], framesLookedAt: 0, inferences: 0, sceneFacts: scene.facts };
  let lumaPlan: LumaPlan | undefined;
  if (background) chain.startFile(link, file.maskZones);

  async function look(frame: LookedAtFrame): Promise<void> {
    const frameIndex = record.framesLookedAt++;
    const { offsetMs } = frame;
    if (background) lumaPlan ??= planMotionLuma(frame.picture);
    const luma = background ? toMotionLuma(frame.picture, lumaPlan) : undefined;
    const seen = luma && chain.observe(luma, file.startMs + offsetMs);
    if (gated && seen !== undefined && !gate.decide({ offsetMs, ...seen }).analyse) return;
    const { found, all } = await detect(analyser, frame, seen);
    const grey = onceMade(() => luma ?? toMotionLuma(frame.picture));
    record.analysedOffsetsMs.push(offsetMs);
    await scene.consider({ frame, luma: grey, found });
    if (analyser.detector !== undefined) record.inferences++;
    gate.analysed(
      offsetMs,
      found.some((one) => one.label === 'person' && passesGate(one, settings.gates)),
    );
    const extras = enrichFrame(settings.enrichments, { original: frame.original, luma: grey, found, seen: all });
    for (const [index, one] of found.entries()) record.detections.push({ ...one, ...extras[index], frameIndex, offsetMs });
  }

  return { look, record };
}

/** `found` is what is stored of `all`. */
type Detected = { found: FrameDetection[]; all: FrameDetection[] };

async function detect({ detector, settings }: Analyser, frame: LookedAtFrame, seen: MotionObservation | undefined): Promise<Detected> {
  if (frame.given !== undefined) return { found: frame.given, all: frame.given };
  if (detector === undefined) {
    const found = motionDetections(seen?.regions ?? [], motionSize(frame.picture), frame.original).map(rounded);
    return { found, all: found };
  }
  const raw = await detector.detect(frame.picture, frame.original);
  const all = raw.map((one) => rounded({ ...one, box: toStoredBox(one.box, frame.original) }));
  const found = all.filter((one) => settings.classes.includes(one.label) && one.score >= settings.scoreFloor);
  return { found: found.slice(0, settings.maxBoxes), all };
}

/** Scores are stored to 4 decimals. */
function rounded(detection: FrameDetection): FrameDetection {
  return { ...detection, score: Math.round(detection.score * 1e4) / 1e4 };
}
