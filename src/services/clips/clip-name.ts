import { createHash } from 'node:crypto';

import type { EventBoxes } from './event-boxes.ts';
import type { FootageStep } from './footage-step.ts';
import type { ClipMode } from './make-clip.ts';

/** In the home folder. */
export const CLIP_FOLDER = 'clips';

/** Beginning of the names of folders in it in which clips are made. */
export const CLIP_WORK_FOLDER = '.clip-';

const NAME = /^event-(\d{1,10})-[0-9a-f]{12}\.mp4$/;

type ClipContent = { steps: readonly FootageStep[]; mode: ClipMode; boxes: EventBoxes | undefined };

/** The same footage, cut the same way, has the same name. */
export function clipName(eventId: number, { steps, mode, boxes }: ClipContent): string {
  const parts = steps.map((step) => [
    step.kind === 'gap' ? step.missingMs : step.source.file.content_sha256,
    step.kind === 'part' ? step.fromMs : 0,
    step.durationMs,
  ]);
  const content = createHash('sha256')
    .update(JSON.stringify([2, mode, parts, boxes === undefined ? null : [...boxes]]))
    .digest('hex');
  return `event-${String(eventId)}-${content.slice(0, 12)}.mp4`;
}

export function isClipName(name: string): boolean {
  return clipEventId(name) !== undefined;
}

/** The event whose clip has this name; undefined for a name that no clip of hs has. */
export function clipEventId(name: string): number | undefined {
  const id = NAME.exec(name)?.[1];
  return id === undefined ? undefined : Number(id);
}
