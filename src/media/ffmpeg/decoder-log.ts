import type { FrameRun } from '../frame-stream.ts';

const MAX_FIRST_ERRORS = 5;
const MAX_ERROR_CHARS = 300;
const ERROR_LEVELS = new Set(['error', 'fatal', 'panic']);

/** The part of a file that counts, in ms from the start of the file: [from, until). */
export type CountedPart = { fromMs: number; untilMs: number };

/** So much footage before each border is looked at from both sides. */
export const SEAM_MS = 1_000;

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
  readonly #part: CountedPart | undefined;
  readonly seams: { before: FrameRun; end: FrameRun } = { before: { frames: 0 }, end: { frames: 0 } };
  /** Whether what the log says now belongs to the part. */
  #isInPart: boolean;

  constructor(places: ShowinfoPlaces, onSelected: (offsetMs: number) => void, part?: CountedPart) {
    this.#places = places;
    this.#onSelected = onSelected;
    this.#part = part;
    this.#isInPart = part === undefined || part.fromMs === 0;
  }

  readonly push = (line: string): void => {
    const repeated = /^\s*Last message repeated (\d+) times/.exec(line);
    if (repeated) {
      if (this.#lastWasError && this.#isInPart) this.errorLines += Number(repeated[1]);
      return;
    }
    const [, filter, level, text] = /^(?:\[(?:Parsed_)?([^\]@]+) @ [^\]]+\] )*\[(\w+)\] (.*)/.exec(line) ?? [];
    this.#lastWasError = level !== undefined && ERROR_LEVELS.has(level);
    if (text === undefined) return;
    if (this.#lastWasError) this.#noteError(text);
    else if (filter !== undefined) this.#noteFrame(filter, text);
  };

  /** Errors come before the frames they damage, by as many as the decoder holds back: the same ones in whichever part they are counted. */
  #noteError(text: string): void {
    if (!this.#isInPart) return;
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
    if (this.#part !== undefined) this.#notePlace(this.#part, offsetMs);
    if (!this.#isInPart) return;
    this.decodedFrames += 1;
    if (offsetMs > (this.lastOffsetMs ?? -1)) this.lastOffsetMs = offsetMs;
  }

  #notePlace({ fromMs, untilMs }: CountedPart, offsetMs: number): void {
    this.#isInPart = offsetMs >= fromMs && offsetMs < untilMs;
    const { before, end } = this.seams;
    if (isJustBefore(fromMs, offsetMs)) Object.assign(before, { frames: before.frames + 1, lastOffsetMs: offsetMs });
    if (isJustBefore(untilMs, offsetMs)) Object.assign(end, { frames: end.frames + 1, lastOffsetMs: offsetMs });
  }
}

function isJustBefore(borderMs: number, offsetMs: number): boolean {
  return offsetMs >= borderMs - SEAM_MS && offsetMs < borderMs;
}
