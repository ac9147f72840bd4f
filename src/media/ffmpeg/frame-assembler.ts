/** Cuts a byte stream into pictures of one fixed size, whatever the sizes of the chunks. An unfinished last one is dropped. */
export class FrameAssembler {
  readonly #frame: Uint8Array;
  #filled = 0;

  constructor(frameBytes: number) {
    this.#frame = new Uint8Array(frameBytes);
  }

  /** Every picture comes in the same memory: it is valid until the next one is asked for. New memory for each cost more than cutting. */
  *push(chunk: Uint8Array): Generator<Uint8Array> {
    let at = 0;
    while (at < chunk.length) {
      const take = Math.min(chunk.length - at, this.#frame.length - this.#filled);
      this.#frame.set(chunk.subarray(at, at + take), this.#filled);
      this.#filled += take;
      at += take;
      if (this.#filled < this.#frame.length) continue;
      this.#filled = 0;
      yield this.#frame;
    }
  }
}
