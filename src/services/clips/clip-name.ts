import { createHash } from 'node:crypto';

import type { ClipMode, FootageStep } from './make-clip.ts';

/** In the home folder. */
export const CLIP_FOLDER = 'clips';

const NAME = /^event-(\d{1,10})-[0-9a-f]{12}\.mp4$/;

/** The same footage, cut the same way, has the same name. */
export function clipName(eventId: number, steps: readonly FootageStep[], mode: ClipMode): string {
  const parts = steps.map((step) => [
    step.kind === 'gap' ? step.missingMs : step.source.file.content_sha256,
    step.kind === 'part' ? step.fromMs : 0,
    step.durationMs,
  ]);
  const content = createHash('sha256')
    .update(JSON.stringify([1, mode, parts]))
    .digest('hex');
  return `event-${String(eventId)}-${content.slice(0, 12)}.mp4`;
}

export function isClipName(name: string): boolean {
  return NAME.test(name);
}
