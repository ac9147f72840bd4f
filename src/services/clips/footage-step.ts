import { dirname } from 'node:path';

import type { MediaFileRow } from '../../db/models/media-files.ts';
import type { ClipSource, ClipStep } from '../../domain/clips/plan-clip.ts';
import type { MediaLocation } from '../../media/open-media.ts';

export type FootageSource = ClipSource & { file: MediaFileRow };
export type FootageStep = ClipStep<FootageSource>;

export function locationOf({ file }: FootageSource): MediaLocation {
  return { path: file.path, root: dirname(file.path) };
}
