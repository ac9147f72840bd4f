export type WaitLimits = {
  /** Longest single wait without a sign of life. */
  idleMs: number;
  /** All waiting for the decoder together; time that the consumer of frames takes does not count. */
  totalMs: number;
};

/** Calls `onExpired` once the decoder has been waited for too long. */
export class WaitingClock {
  readonly #limits: WaitLimits;
  readonly #onExpired: () => void;
  #usedMs = 0;
  #since: number | undefined;
  #lastSign = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(limits: WaitLimits, onExpired: () => void) {
    this.#limits = limits;
    this.#onExpired = onExpired;
  }

  /** Waiting begins. */
  start(): void {
    this.#since = performance.now();
    this.#lastSign = this.#since;
    this.#arm();
  }

  /** Waiting ends. */
  stop(): void {
    clearTimeout(this.#timer);
    if (this.#since !== undefined) this.#usedMs += performance.now() - this.#since;
    this.#since = undefined;
  }

  /** A sign of life: the idle limit begins anew. Cheap, it is called for every frame. */
  readonly touch = (): void => {
    this.#lastSign = performance.now();
  };

  #arm(): void {
    const now = performance.now();
    const idleLeft = this.#limits.idleMs - (now - this.#lastSign);
    const totalLeft = this.#limits.totalMs - this.#usedMs - (now - (this.#since ?? now));
    const left = Math.min(idleLeft, totalLeft);
    if (left <= 0) this.#onExpired();
    else {
      this.#timer = setTimeout(() => {
        this.#arm();
      }, left);
    }
  }
}
