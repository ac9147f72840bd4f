import { detectQueueFor } from '../../../domain/job-queues.ts';
import type { IngestRequest, IngestSettings } from '../ingest-options.ts';
import { realRoots } from '../roots.ts';
import type { SegmentOrder } from './detect-segments.ts';

/** An ingest as it is left to workers: what was asked for, and the settings that the command line may have changed. */
export type ScanOrder = {
  request: IngestRequest;
  settings: Pick<IngestSettings, 'layout'> & {
    detector: SegmentOrder['detector'];
    ingest: Pick<IngestSettings['ingest'], 'settleS' | 'maxFrames'>;
  };
  /** Where segments of it go. */
  detectQueue: 'detect' | 'detect-gpu';
  /** Undefined: as old as the footage is. */
  priority?: number | undefined;
};

/** Throws UsageError for a folder that does not exist. */
export async function scanOrder(request: IngestRequest, settings: IngestSettings, priority: number | undefined): Promise<ScanOrder> {
  const { device, ...detector } = settings.detector;
  const { settleS, maxFrames } = settings.ingest;
  return {
    request: { ...request, roots: await realRoots(request.roots) },
    settings: { layout: settings.layout, detector, ingest: { settleS, maxFrames } },
    detectQueue: detectQueueFor(device),
    priority,
  };
}
