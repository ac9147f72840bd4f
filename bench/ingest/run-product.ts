import { treeCpuS } from '../measure/process-tree.ts';
import { readAnalysedFrames } from '../product/analysed-frames.ts';
import { findServerPid, runHs, runHsOrThrow, withHome } from '../product/hs.ts';

export type ProductResult = {
  /** From spawn to exit, start-up, model loading and deriving of events included. */
  wallS: number;
  /** Of `hs`, its workers and their ffmpeg processes. */
  cpuS: number;
  /** Of the PostgreSQL server during the same time. */
  serverCpuS: number;
  peakTreeBytes: number;
  analysedFrames: Map<string, number>;
};

export type ProductOptions = { modelFile: string; model: string; workers: number; sample?: string; timeoutMs: number };

/** One `hs ingest` of the folder into a fresh home; server started, schema made and model installed beforehand. */
export function runProduct(folder: string, options: ProductOptions): Promise<ProductResult> {
  return withHome(async (home) => {
    await runHsOrThrow(home, ['models', 'install', '--from', options.modelFile]);
    await runHsOrThrow(home, ['db', 'migrate']);
    const serverPid = findServerPid(home);
    const serverBeforeS = serverPid === undefined ? 0 : treeCpuS(serverPid);
    const sampling = options.sample === undefined ? [] : ['--sample', options.sample];
    const result = await runHs(
      home,
      ['ingest', folder, '--detector', options.model, '--device', 'cpu', '--workers', String(options.workers), '--quiet', ...sampling],
      { timeoutMs: options.timeoutMs },
    );
    if (result.exitCode !== 0 && result.exitCode !== 3)
      throw new Error(`hs ingest ended with ${result.exitCode}: ${result.stderr.slice(-2000)}`);
    const serverCpuS = serverPid === undefined ? 0 : treeCpuS(serverPid) - serverBeforeS;
    return {
      wallS: result.wallS,
      cpuS: result.cpuS,
      serverCpuS,
      peakTreeBytes: result.peakTreeBytes,
      analysedFrames: await readAnalysedFrames(home),
    };
  });
}
