/** How often and how long a server is asked. */
export type LlmPolicy = {
  /** Calls at once. */
  concurrency: number;
  /** Of one call with everything that is tried for it; waiting for a turn does not count. */
  deadlineMs: number;
  /** Of one attempt; making the connection has 10 s of its own, which is the default of Node. */
  answerTimeoutMs: number;
  /** The longest wait before retry n is this times 2ⁿ⁻¹ … */
  backoffMs: number;
  /** … and at most this; the wait is any length up to that. */
  backoffCapMs: number;
  /** A server that asks for more patience gets so much. */
  retryAfterCapMs: number;
  /** So many answers that are not accepted end a call. */
  invalidAnswers: number;
  /** So many failures in a row open the breaker … */
  breakerFailures: number;
  /** … for so long; then one call tries. */
  breakerOpenMs: number;
  maxReplyBytes: number;
};

export const LLM_POLICY: LlmPolicy = {
  concurrency: 2,
  deadlineMs: 600_000,
  answerTimeoutMs: 120_000,
  backoffMs: 200,
  backoffCapMs: 8_000,
  retryAfterCapMs: 60_000,
  invalidAnswers: 3,
  breakerFailures: 5,
  breakerOpenMs: 30_000,
  maxReplyBytes: 4_194_304,
};
