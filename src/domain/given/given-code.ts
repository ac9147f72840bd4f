/** Verdicts on what was said elsewhere about a file, not on the file: another document, or a detector, may do better. */
export const GIVEN_CODES: ReadonlySet<string> = new Set([
  'not_in_detections',
  'detector_failed',
  'entry_ambiguous',
  'size_differs',
  'frames_unknown',
]);
