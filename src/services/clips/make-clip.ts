import { copyPart, findCopyStart } from '../../media/clips/copy-part.ts';
import { MediaError } from '../../media/media-error.ts';
import { encodeClip, type EncodeClipOptions } from './encode-clip.ts';
import { locationOf, type FootageStep } from './footage-step.ts';

export type ClipMode = 'auto' | 'copy' | 'encode';

type MakeClipOptions = EncodeClipOptions & { mode: ClipMode };

type MadeClip = { mode: 'copy' | 'encode'; durationMs: number };

/** Writes the clip of a plan: a copy where one part begins near a keyframe, else encoded. Throws MediaError. */
export async function makeClip(steps: readonly FootageStep[], options: MakeClipOptions): Promise<MadeClip> {
  const copied = options.mode === 'encode' ? undefined : await copyClip(steps, options);
  if (copied !== undefined) return copied;
  if (options.mode === 'copy') {
    throw new MediaError(
      'unsupported_codec',
      'cannot be copied: a copy needs H.264 of one file and a keyframe at most 1 s before the clip',
    );
  }
  return { mode: 'encode', durationMs: await encodeClip(steps, options) };
}

async function copyClip(steps: readonly FootageStep[], { tools, output, signal }: MakeClipOptions): Promise<MadeClip | undefined> {
  const [step] = steps;
  if (steps.length !== 1 || step?.kind !== 'part') return undefined;
  const wanted = { tools, fromMs: step.fromMs, durationMs: step.durationMs, signal };
  const startMs = await findCopyStart(locationOf(step.source), wanted);
  if (startMs === undefined) return undefined;
  const durationMs = step.fromMs + step.durationMs - startMs;
  await copyPart(locationOf(step.source), output, { ...wanted, fromMs: startMs, durationMs });
  return { mode: 'copy', durationMs };
}
