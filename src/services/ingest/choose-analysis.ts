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
  request: Pick<IngestRequest, 'plan'>;
  tools: FfmpegTools | undefined;
  /** Detections made elsewhere, instead of a detector. */
  given?: { modelId: string; sha256: string } | undefined;
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
export async function chooseAnalysis({ settings, request, tools, given, warn }: ChooseOptions): Promise<ChosenAnalysis> {
  const { detector } = settings;
  if (!isDevice(detector.device)) {
    throw new UsageError(`--device ${JSON.stringify(detector.device)} is none of ${DEVICES.join(', ')}`);
  }
  const model = given === undefined ? await findModel(settings, warn) : undefined;
  const store = openModelStore(settings.home);
  const isGiven = given !== undefined;
  const enrichments = await chooseEnrichments({ store, settings, detector: model, isGiven, warn });
  const analysis: AnalysisSettings = {
    device: detector.device,
    scoreFloor: detector.floor,
    maxBoxes: detector.maxBoxes,
    classes: detector.classes,
    gates: detector.gates,
    enrichments: enrichments.frame,
    ...present({ model, tools }),
    ...samplingOf({ settings, request, isGiven }),
  };
  const enrichmentsDue = enrichments.track.map(({ name }) => name);
  const source = given ?? { modelId: model?.card.id ?? MOTION_DETECTOR, sha256: model?.sha256 ?? MOTION_DETECTOR };
  return {
    settings: analysis,
    modelId: source.modelId,
    modelFingerprint: fingerprintOf(analysis, source.sha256),
    enrichments,
    enrichmentsDue,
  };
}

/** Which frames are looked at: where detections are given, all are, as any may be one of theirs. */
function samplingOf({ settings, request, isGiven }: Pick<ChooseOptions, 'settings' | 'request'> & { isGiven: boolean }) {
  if (isGiven) return { given: true, plan: { mode: 'all' } } as const;
  const { detector, ingest } = settings;
  return { plan: request.plan, ...present({ nmsIou: detector.nmsIou, maxFrames: ingest.maxFrames }) };
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
function fingerprintOf(analysis: AnalysisSettings, source: string): string {
  const { scoreFloor, nmsIou, maxBoxes, classes, gates, plan, maxFrames, enrichments } = analysis;
  const { mode, ...howOften } = plan;
  const parts = [
    source,
    scoreFloor,
    nmsIou ?? null,
    maxBoxes,
    classes.toSorted(),
    gateOf('person', gates),
    // The same in whatever order its parts come: that of a stored plan is another.
    { mode, ...howOften },
    maxFrames ?? null,
    // Threats are findings; what else is noted of a detection changes none.
    ...(enrichments.includes('coco_threats') ? ['coco_threats'] : []),
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
