import { open } from 'node:fs/promises';
import sharp from 'sharp';

import type { BoxState } from '../../domain/clips/hold-boxes.ts';
import type { Size } from '../../domain/box.ts';
import { renderSvg } from '../drawing/render-svg.ts';
import { zoneOverlay, type DrawnBox } from '../drawing/zone-overlay.ts';

/** Pictures to lay over a video, PNG after PNG in one file; the n-th one is shown from the n-th moment on. */
export type Overlay = { path: string; size: Size; startsMs: readonly number[] };

/** Draws the boxes of each state. What classes are called becomes pixels here: ffmpeg is told numbers only. */
export async function writeOverlay(path: string, size: Size, states: readonly BoxState<DrawnBox>[]): Promise<Overlay> {
  const file = await open(path, 'wx', 0o600);
  try {
    const empty = await drawState(size, []);
    for (const { boxes } of states) await file.appendFile(boxes.length === 0 ? empty : await drawState(size, boxes));
  } finally {
    await file.close();
  }
  return { path, size, startsMs: states.map(({ atMs }) => atMs) };
}

async function drawState(size: Size, boxes: readonly DrawnBox[]): Promise<Buffer> {
  const { data, width, height } = await renderSvg(zoneOverlay(size, { zones: [], boxes, leastUnit: 1 }));
  return sharp(data, { raw: { width, height, channels: 4 } })
    .png({ compressionLevel: 2 })
    .toBuffer();
}
