import type { Database } from '../../../db/database.ts';
import { chooseAnalysis } from '../choose-analysis.ts';
import { isObjectUri } from '../../../domain/object-uri.ts';
import { findTools } from '../find-tools.ts';
import type { IngestRequest, IngestSettings } from '../ingest-options.ts';
import { createTally, type FileProblem, type IngestTally } from '../ingest-tally.ts';
import { realRoots } from '../roots.ts';
import { createScanContext } from '../scan/create-scan-context.ts';
import { scanFiles } from '../scan/scan-files.ts';

export type ListFootageOptions = {
  database: Database;
  /** The files that need work are put under this run. */
  runId: string;
  settings: IngestSettings;
  /** `roots` are real paths. */
  request: IngestRequest;
  signal: AbortSignal;
  onProgress: (tally: IngestTally) => void;
  onProblem: (problem: FileProblem) => void;
  warn: (message: string) => void;
};

export type ListedFootage = {
  tally: IngestTally;
  /** With which the files are to be looked at. */
  modelFingerprint: string;
  modelId: string;
};

/**
 * The first stage of an ingest by itself: what is new goes into the ledger as pending. Throws the signal's reason when stopped,
 * and HsError where object storage cannot be listed.
 */
export async function listFootage(options: ListFootageOptions): Promise<ListedFootage> {
  const { settings, request, signal, warn, onProgress } = options;
  // A worker may have no way to a store that whoever queued the footage had.
  await realRoots(request.roots.filter(isObjectUri));
  const tools = await findTools(options);
  const tally = createTally();
  const analysis = await chooseAnalysis({ settings, request, tools, warn });
  const context = createScanContext(options, {
    tally,
    tools,
    analysis,
    given: undefined,
    progress: () => {
      onProgress(tally);
    },
    mayGoOn: () => !signal.aborted,
  });
  await scanFiles(context);
  signal.throwIfAborted();
  return { tally, modelFingerprint: analysis.modelFingerprint, modelId: analysis.modelId };
}
