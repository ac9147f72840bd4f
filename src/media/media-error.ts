/** Why a file could not be read, or only in part (the codes users see in `hs files list`). */
export const FAILURE_CODES = [
  'unreadable',
  'vanished',
  'still_growing',
  'timeout',
  'inference_failed',
  'disk_full',
  'db_unavailable',
  'zero_bytes',
  'too_small',
  'not_media',
  'unsupported_container',
  'unsupported_codec',
  'decode_failed',
  'no_frames',
  'truncated',
  'corrupt_frames',
  'dimensions',
  'time_unknown',
  'camera_unknown',
  'camera_conflict',
  'duplicate_other_camera',
  'same_bytes_other_time',
] as const;

export type FailureCode = (typeof FAILURE_CODES)[number];

export function isFailureCode(code: string): code is FailureCode {
  return FAILURE_CODES.some((known) => known === code);
}

/** One file cannot be read. The message is one line without the file's path; the caller knows and prints that. */
export class MediaError extends Error {
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'MediaError';
    this.code = code;
  }
}

/** A file of the ledger is another one by now. */
export function contentChanged(): MediaError {
  return new MediaError('vanished', 'is not the file that was ingested: its content changed');
}

/** The same with the name of the file, for where it is told without. */
export function ofFile(path: string, error: MediaError): MediaError {
  return new MediaError(error.code, `${JSON.stringify(path)} ${error.message}`, { cause: error });
}
