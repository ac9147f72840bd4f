import { createHash } from 'node:crypto';

import { gateOf } from '../../domain/classes.ts';
import { UnavailableError, UsageError } from '../../errors/hs-error.ts';
import { DEVICES, isDevice } from '../../inference/devices.ts';
import { chooseModel, openModelStore, type InstalledDetector } from '../../inference/model-store.ts';
import { present } from '../../lib/present.ts';
import type { FfmpegTools } from '../../media/ffmpeg/locate-ffmpeg.ts';
import { chooseEnrichments, type ChosenEnrichments } from '../enrich/choose-enrichments.ts';
import type { IngestRequest, IngestSettings } from './ingest-options.ts';
import type { AnalysisSettings } from './worker/analysis-task.ts';

/** Name of the built-in detector, in flags and in rows. */
export const MOTION_DETECTOR = 'motion';

type ChooseOptions = {
  settings: IngestSettings;
  request: IngestRequest;
  tools: FfmpegTools | undefined;
  warn: (message: string) => void;
};

export type ChosenAnalysis = {
  settings: AnalysisSettings;
  modelId: string;
  modelFingerprint: string;
  enrichments: ChosenEnrichments;
  /** Names of those that look at tracks. */
  enrichmentsDue: string[];
};

/**
 * What files are analysed with: the model that was asked for, else the best installed one, else the built-in motion
 * detector, which says how to get more. Throws UnavailableError for a device that the motion detector can not use.
 */
export async function chooseAnalysis({ settings, request, tools, warn }: ChooseOptions): Promise<ChosenAnalysis> {
  const { detector, ingest } = settings;
  if (!isDevice(detector.device)) {
    throw new UsageError(`--device ${JSON.stringify(detector.device)} is none of ${DEVICES.join(', ')}`);
  }
  const model = await findModel(settings, warn);
  const enrichments = await chooseEnrichments({ store: openModelStore(settings.home), settings, detector: model, warn });
  const analysis: AnalysisSettings = {
    device: detector.device,
    scoreFloor: detector.floor,
    maxBoxes: detector.maxBoxes,
    classes: detector.classes,
    gates: detector.gates,
    plan: request.plan,
    enrichments: enrichments.frame,
    ...present({ model, tools, nmsIou: detector.nmsIou, maxFrames: ingest.maxFrames }),
  };
  const enrichmentsDue = enrichments.track.map(({ name }) => name);
  return {
    settings: analysis,
    modelId: model?.card.id ?? MOTION_DETECTOR,
    modelFingerprint: fingerprintOf(analysis),
    enrichments,
    enrichmentsDue,
  };
}

async function findModel({ home, detector }: IngestSettings, warn: ChooseOptions['warn']): Promise<InstalledDetector | undefined> {
  const wantsMotion = detector.model === MOTION_DETECTOR;
  const model = wantsMotion ? undefined : await chooseModel(openModelStore(home), detector.model);
  if (model !== undefined) return model;
  if (!['auto', 'cpu'].includes(detector.device)) {
    throw new UnavailableError('device_unavailable', `the built-in motion detector does not run on ${detector.device}`, {
      hint: 'install a model first: hs models list',
    });
  }
  if (!wantsMotion) {
    warn('no detector model is installed: the built-in motion detector finds what moves, not what it is; see: hs models list');
  }
  return undefined;
}

/** SHA-256 of everything that decides which detections a file gives; where they are computed plays no part. */
function fingerprintOf(analysis: AnalysisSettings): string {
  const { model, scoreFloor, nmsIou, maxBoxes, classes, gates, plan, maxFrames, enrichments } = analysis;
  const parts = [
    model?.sha256 ?? MOTION_DETECTOR,
    scoreFloor,
    nmsIou ?? null,
    maxBoxes,
    classes.toSorted(),
    gateOf('person', gates),
    plan,
    maxFrames ?? null,
    // Threats are findings; what else is noted of a detection changes none.
    ...(enrichments.includes('coco_threats') ? ['coco_threats'] : []),
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
