/** Offsets of the sampled frames, which the log tells; frames and log arrive on two pipes in any order. */
export class OffsetQueue {
  readonly #offsets: number[] = [];
  #waiting: ((offset: number | undefined) => void) | undefined;
  #closed = false;

  readonly push = (offsetMs: number): void => {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) waiting(offsetMs);
    else this.#offsets.push(offsetMs);
  };

  close(): void {
    this.#closed = true;
    this.#waiting?.(undefined);
  }

  /** Undefined when the log ended before it told the next one. */
  async next(): Promise<number | undefined> {
    const offsetMs = this.#offsets.shift();
    if (offsetMs !== undefined || this.#closed) return offsetMs;
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }
}
