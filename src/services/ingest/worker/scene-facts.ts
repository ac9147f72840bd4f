import type { BoxXywh, Size } from '../../../domain/box.ts';
import { groupOf } from '../../../domain/classes.ts';
import { motionSize } from '../../../domain/luma.ts';
import type { GreyPicture } from '../../../domain/picture.ts';
import { inWholeNumbers, sceneMode } from '../../../domain/scene/scene-luma.ts';
import { PASSING_GROUPS } from '../../../domain/scene/scene-measure.ts';
import { encodeGreyJpeg } from '../../../media/grey-picture.ts';
import type { FileToAnalyse, LookedAtFrame, SceneFacts } from './analysis-task.ts';

type SeenFrame = { frame: LookedAtFrame; luma: () => GreyPicture; found: readonly { label: string; box: BoxXywh }[] };

/** Two looks at a view are at least so far apart. */
export const LOOK_PAUSE_MS = 60_000;

/** Keeps the facts of the first analysed frame of a file and then of one a minute; of a moving camera none. */
export function createSceneFacts(file: FileToAnalyse): { facts: SceneFacts[]; consider: (seen: SeenFrame) => Promise<void> } {
  const facts: SceneFacts[] = [];
  let dueMs = file.movingCamera ? Infinity : (file.sceneFromMs ?? -Infinity);
  return {
    facts,
    async consider({ frame, luma, found }) {
      const atMs = file.startMs + frame.offsetMs;
      if (atMs < dueMs) return;
      dueMs = atMs + LOOK_PAUSE_MS;
      const { picture, original: size, offsetMs } = frame;
      const passing = found.filter(({ label }) => PASSING_GROUPS.includes(groupOf(label))).map(({ label, box }) => ({ label, box }));
      const grey = inWholeNumbers(luma());
      facts.push({ offsetMs, mode: sceneMode(picture), frame: size, passing, picture: await encodeGreyJpeg(grey, sizeOf(size, grey)) });
    },
  };
}

/** The shape of the original: some models want their pictures stretched. Never enlarged. */
function sizeOf(original: Size, grey: Size): Size {
  const wanted = motionSize(original);
  return wanted.width <= grey.width && wanted.height <= grey.height ? wanted : { width: grey.width, height: grey.height };
}
