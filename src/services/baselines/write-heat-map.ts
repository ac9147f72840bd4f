import { extname } from 'node:path';

import { formatLocal } from '../../domain/time/local-time.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { writeAtomically } from '../../lib/write-atomically.ts';
import { heatMapSvg } from '../../media/drawing/heat-map-svg.ts';
import { hasFont } from '../../media/drawing/render-svg.ts';
import { svgToPng } from '../../media/drawing/svg-to-png.ts';
import type { CameraHeatMap } from './heat-map.ts';

export const HEAT_MAP_SUFFIXES = ['.svg', '.png'] as const;

/** Whether a file of this name can be written; throws a usage error otherwise, before anything is computed. */
export function assertHeatMapPath(path: string): void {
  if (HEAT_MAP_SUFFIXES.some((suffix) => suffix === extname(path).toLowerCase())) return;
  throw new UsageError(`--out ${JSON.stringify(path)}: a drawing is an svg or a png`, { hint: 'let the name end in .svg or .png' });
}

/** Writes the heat map as a drawing; returns a remark when its text cannot be read for want of a font. */
export async function writeHeatMap(path: string, map: CameraHeatMap): Promise<string | undefined> {
  const svg = heatMapSvg({ ...describe(map), values: map.values, largest: map.largest });
  if (extname(path).toLowerCase() === '.svg') {
    await writeAtomically(path, [svg]);
    return undefined;
  }
  await writeAtomically(path, [await svgToPng(svg)]);
  return (await hasFont()) ? undefined : 'this system has no font: the numbers are missing; an svg has them';
}

function describe({ cameraId, label, asOf, zone }: CameraHeatMap): { title: string; subtitle: string } {
  const what = label === null ? 'tracks' : `${label} tracks`;
  return {
    title: `${cameraId}: what is usual`,
    subtitle: `${what} per hour of footage, 30 days to ${formatLocal(asOf.getTime(), zone).slice(0, 16).replace('T', ' ')} (${zone})`,
  };
}
