import sharp from 'sharp';

import type { Size } from '../../domain/box.ts';
import type { RgbaPicture } from './render-svg.ts';

/** How often something stood where: cells of a grid over the picture, those without a count left out. */
export type Heat = { columns: number; rows: number; cells: readonly { column: number; row: number; count: number }[] };

type Stop = readonly [at: number, red: number, green: number, blue: number, alpha: number];

/** From seldom to often; bright and opaque enough at both ends to show on night and on snow. */
const RAMP: readonly Stop[] = [
  [0, 49, 54, 149, 0],
  [0.15, 69, 117, 220, 120],
  [0.45, 26, 190, 160, 150],
  [0.7, 253, 210, 60, 175],
  [1, 240, 40, 30, 205],
];

/** A smooth picture of the heat, transparent where nothing was. Counts are compared by their logarithm: one busy door must not hide the rest. */
export async function heatPicture(heat: Heat, size: Size): Promise<RgbaPicture> {
  const level = await smoothLevels(heat, size);
  const data = Buffer.alloc(size.width * size.height * 4);
  // Smoothing takes the peaks away: what is left of the highest is the hottest.
  const highest = Math.max(
    1,
    level.reduce((max, value) => Math.max(max, value), 0),
  );
  for (let i = 0; i < level.length; i += 1) data.set(colourAt((level[i] ?? 0) / highest), i * 4);
  return { ...size, data };
}

async function smoothLevels({ columns, rows, cells }: Heat, size: Size): Promise<Uint8Array> {
  const most = Math.log1p(cells.reduce((max, { count }) => Math.max(max, count), 0));
  const grid = Buffer.alloc(columns * rows);
  for (const { column, row, count } of cells) grid[row * columns + column] = Math.round((255 * Math.log1p(count)) / Math.max(most, 1e-9));
  const { data, info } = await sharp(grid, { raw: { width: columns, height: rows, channels: 1 } })
    .toColourspace('b-w')
    .resize(size.width, size.height, { fit: 'fill', kernel: 'cubic' })
    .blur(Math.max(0.5, (0.8 * size.width) / columns))
    .raw()
    .toBuffer({ resolveWithObject: true });
  return info.channels === 1 ? data : data.filter((_, i) => i % info.channels === 0);
}

function colourAt(level: number): [number, number, number, number] {
  const above = RAMP.findIndex(([at]) => at >= level);
  const [low, high] = [RAMP[Math.max(0, above - 1)], RAMP[above]];
  if (low === undefined || high === undefined) return [0, 0, 0, 0];
  const share = high[0] === low[0] ? 0 : (level - low[0]) / (high[0] - low[0]);
  const between = (from: number, to: number): number => Math.round(from + share * (to - from));
  return [between(low[1], high[1]), between(low[2], high[2]), between(low[3], high[3]), between(low[4], high[4])];
}
