import type { LlmFailure } from './chat-client.ts';

type LlmErrorDetails = {
  /** HTTP status of the last attempt, if there was one. */
  status?: number | undefined;
  /** Requests that were sent. */
  attempts?: number | undefined;
  /** The last answer that was not accepted, as it came. */
  text?: string | undefined;
  /** What was wrong with it. */
  problems?: readonly string[] | undefined;
  /** It ended because it had no more room. */
  isCut?: boolean | undefined;
  /** The prompt is longer than the server takes. */
  isTooLong?: boolean | undefined;
  /** Asking again is in vain until the settings change: wrong key. */
  stopsRun?: boolean | undefined;
};

/** A call of the language model that brought no whole answer. Its message holds no key. */
export class LlmError extends Error {
  override readonly name = 'LlmError';
  readonly failure: LlmFailure;
  readonly details: Readonly<LlmErrorDetails>;

  constructor(failure: LlmFailure, message: string, details: LlmErrorDetails = {}) {
    super(message);
    this.failure = failure;
    this.details = details;
  }
}
