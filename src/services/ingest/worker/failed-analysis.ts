import type { FileAnalysis } from './analysis-task.ts';

/** The outcome of a file of which nothing is stored but the reason. */
export function failedAnalysis(code: string, message: string): FileAnalysis {
  return {
    status: 'failed',
    code,
    message,
    detections: [],
    analysedOffsetsMs: [],
    framesExpected: 0,
    framesLookedAt: 0,
    inferences: 0,
    readableFraction: null,
    readableMs: 0,
    warnings: [],
  };
}
