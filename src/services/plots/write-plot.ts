import { extname } from 'node:path';

import { writeAtomically } from '../../lib/write-atomically.ts';
import { hasFont } from '../../media/drawing/render-svg.ts';
import { svgToPng } from '../../media/drawing/svg-to-png.ts';

/** Writes a drawing under its name; returns a remark when its text cannot be read for want of a font. */
export async function writePlot(path: string, svg: string): Promise<string | undefined> {
  if (extname(path).toLowerCase() === '.svg') {
    await writeAtomically(path, [svg]);
    return undefined;
  }
  await writeAtomically(path, [await svgToPng(svg)]);
  return (await hasFont()) ? undefined : 'this system has no font: the numbers are missing; an svg has them';
}
