import { extname } from 'node:path';

import { UsageError } from '../../errors/hs-error.ts';

const PLOT_SUFFIXES = ['.svg', '.png'] as const;

/** Whether a file of this name can be written; throws a usage error otherwise, before anything is computed. */
export function assertPlotPath(path: string): void {
  if (PLOT_SUFFIXES.some((suffix) => suffix === extname(path).toLowerCase())) return;
  throw new UsageError(`--out ${JSON.stringify(path)}: a drawing is an svg or a png`, { hint: 'let the name end in .svg or .png' });
}
