const MAX_FIRST_ERRORS = 5;
const MAX_ERROR_CHARS = 300;
const ERROR_LEVELS = new Set(['error', 'fatal', 'panic']);

/** Positions of the two `showinfo` filters in the chain: before and after the choice of frames. */
export type ShowinfoPlaces = { decoded: number; selected: number };

/**
 * Reads ffmpeg's log (`-v level+info`) line by line. Its exit code proves nothing: a cut file ends with 0.
 * Offsets are whole ms from the file's start.
 */
export class DecoderLog {
  decodedFrames = 0;
  lastOffsetMs: number | undefined;
  errorLines = 0;
  readonly firstErrors: string[] = [];
  #lastWasError = false;
  #secondsPerTick: number | undefined;
  readonly #places: ShowinfoPlaces;
  readonly #onSelected: (offsetMs: number) => void;

  constructor(places: ShowinfoPlaces, onSelected: (offsetMs: number) => void) {
    this.#places = places;
    this.#onSelected = onSelected;
  }

  readonly push = (line: string): void => {
    const repeated = /^\s*Last message repeated (\d+) times/.exec(line);
    if (repeated) {
      if (this.#lastWasError) this.errorLines += Number(repeated[1]);
      return;
    }
    const [, filter, level, text] = /^(?:\[(?:Parsed_)?([^\]@]+) @ [^\]]+\] )*\[(\w+)\] (.*)/.exec(line) ?? [];
    this.#lastWasError = level !== undefined && ERROR_LEVELS.has(level);
    if (text === undefined) return;
    if (this.#lastWasError) this.#noteError(text);
    else if (filter !== undefined) this.#noteFrame(filter, text);
  };

  #noteError(text: string): void {
    this.errorLines += 1;
    const short = text.trim().slice(0, MAX_ERROR_CHARS);
    if (this.firstErrors.length < MAX_FIRST_ERRORS && !this.firstErrors.includes(short)) this.firstErrors.push(short);
  }

  #noteFrame(filter: string, text: string): void {
    const isDecoded = filter === `showinfo_${this.#places.decoded}`;
    if (!isDecoded && filter !== `showinfo_${this.#places.selected}`) return;
    const [, numerator, denominator] = /^config in time_base: (\d+)\/(\d+)/.exec(text) ?? [];
    if (numerator !== undefined) this.#secondsPerTick = Number(numerator) / Number(denominator);
    // `pts_time` has six digits only: 10 ms steps after 1,000 s. So the exact pts is used.
    const pts = /^n: *\d+ pts: *(-?\d+|NOPTS)/.exec(text)?.[1];
    if (pts === undefined) return;
    const offsetMs = Math.max(0, Math.round(Number(pts) * (this.#secondsPerTick ?? NaN) * 1000));
    if (isDecoded) this.#noteDecoded(offsetMs);
    else this.#onSelected(offsetMs);
  }

  #noteDecoded(offsetMs: number): void {
    this.decodedFrames += 1;
    if (offsetMs > (this.lastOffsetMs ?? -1)) this.lastOffsetMs = offsetMs;
  }
}
