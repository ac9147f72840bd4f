/** Cuts a byte stream into pictures of one fixed size, whatever the sizes of the chunks. An unfinished last one is dropped. */
export class FrameAssembler {
  readonly #frameBytes: number;
  #frame: Uint8Array;
  #filled = 0;

  constructor(frameBytes: number) {
    this.#frameBytes = frameBytes;
    this.#frame = Buffer.allocUnsafeSlow(frameBytes);
  }

  /** Each yielded array is the caller's to keep. */
  *push(chunk: Uint8Array): Generator<Uint8Array> {
    let at = 0;
    while (at < chunk.length) {
      const take = Math.min(chunk.length - at, this.#frameBytes - this.#filled);
      this.#frame.set(chunk.subarray(at, at + take), this.#filled);
      this.#filled += take;
      at += take;
      if (this.#filled < this.#frameBytes) continue;
      yield this.#frame;
      this.#frame = Buffer.allocUnsafeSlow(this.#frameBytes);
      this.#filled = 0;
    }
  }
}
