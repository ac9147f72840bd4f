import { median, round } from '../measure/statistics.ts';
import { toMegabytes } from '../measure/print-figures.ts';
import type { CeilingStart } from './ceiling-task.ts';
import type { PreparedFootage } from './prepare-footage.ts';
import { runCeiling, type CeilingResult } from './run-ceiling.ts';
import { runProduct, type ProductOptions, type ProductResult } from './run-product.ts';

export type CompareOptions = { ceiling: CeilingStart; product: ProductOptions; rounds: number; say: (line: string) => void };

/** Ceiling ÷ product, of wall time and of CPU time (the database server's included): 1 would be a product that costs nothing. */
export type Comparison = { rows: Record<string, string | number>[]; throughputRatio: number; cpuRatio: number };

/**
 * Product, ceiling, product, ceiling … on the same files. The ceiling infers as many frames of each video as the product
 * did in the round before it, so that the motion gate is not counted as speed.
 */
export async function compare(footage: PreparedFootage, options: CompareOptions): Promise<Comparison> {
  const products: ProductResult[] = [];
  const ceilings: CeilingResult[] = [];
  for (let round = 1; round <= options.rounds; round += 1) {
    const product = await runProduct(footage.folder, options.product);
    const tasks = footage.tasks.map((task) =>
      task.kind === 'video' ? { ...task, inferFrames: product.analysedFrames.get(task.sha256) ?? 0 } : task,
    );
    const ceiling = await runCeiling(tasks, options.ceiling, options.product.workers);
    products.push(product);
    ceilings.push(ceiling);
    options.say(
      `round ${round}: product ${product.wallS.toFixed(1)} s, ceiling ${ceiling.wallS.toFixed(1)} s, ratio ${(ceiling.wallS / product.wallS).toFixed(3)}`,
    );
  }
  const rows = [describe('ceiling', ceilings, footage.tasks.length), describe('product', products, footage.tasks.length)];
  const ratios = products.map((product, i) => (ceilings[i]?.wallS ?? NaN) / product.wallS);
  const cpuRatios = products.map((product, i) => (ceilings[i]?.cpuS ?? NaN) / (product.cpuS + product.serverCpuS));
  return { rows, throughputRatio: round(median(ratios), 3), cpuRatio: round(median(cpuRatios), 3) };
}

/** The ceiling alone, with every sampled frame inferred. */
export async function measureCeiling(footage: PreparedFootage, options: CompareOptions): Promise<Comparison> {
  const results: CeilingResult[] = [];
  for (let i = 0; i < options.rounds; i += 1) results.push(await runCeiling(footage.tasks, options.ceiling, options.product.workers));
  return { rows: [describe('ceiling', results, footage.tasks.length)], throughputRatio: NaN, cpuRatio: NaN };
}

function describe(side: string, results: readonly (CeilingResult | ProductResult)[], files: number): Record<string, string | number> {
  const wallS = median(results.map((result) => result.wallS));
  const server = results.map((result) => ('serverCpuS' in result ? result.serverCpuS : 0));
  return {
    side,
    files,
    'wall s': round(wallS),
    'files/s': round(files / wallS),
    'CPU s': round(median(results.map((result) => result.cpuS))),
    'server CPU s': round(median(server)),
    'peak MB': toMegabytes(median(results.map((result) => result.peakTreeBytes))),
  };
}
