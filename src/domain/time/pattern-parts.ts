import type { PatternPart } from './path-pattern.ts';

const SLASH = 47;
const DOT = 46;

export function isDigitCode(code: number): boolean {
  return code >= 48 && code <= 57;
}

export function isLetterCode(code: number): boolean {
  const lower = code | 32;
  return lower >= 97 && lower <= 122;
}

export function isHexCode(code: number): boolean {
  return isDigitCode(code) || ((code | 32) >= 97 && (code | 32) <= 102);
}

export function isNotSlashCode(code: number): boolean {
  return code !== SLASH;
}

/** Fixed text, compared without regard to case. */
export function literalPart(literal: string): PatternPart {
  const lower = literal.toLowerCase();
  const firstLower = lower.charCodeAt(0);
  const firstUpper = literal.toUpperCase().charCodeAt(0);
  return {
    nextEnd(text, at, previous) {
      if (previous !== -1) return -1;
      const first = text.charCodeAt(at);
      if (first !== firstLower && first !== firstUpper) return -1;
      const end = at + literal.length;
      return text.slice(at, end).toLowerCase() === lower ? end : -1;
    },
  };
}

/** A number of exactly `digits` digits between `min` and `max`. */
export function numberPart(name: string, options: { digits: number; min: number; max: number }): PatternPart {
  const { digits, min, max } = options;
  return {
    name,
    nextEnd(text, at, previous) {
      if (previous !== -1 || countWhile(text, at, { accepts: isDigitCode, most: digits }) < digits) return -1;
      const value = Number(text.slice(at, at + digits));
      return value >= min && value <= max ? at + digits : -1;
    },
  };
}

type RunOptions = { name?: string; accepts: (code: number) => boolean; min: number };

/** As few characters as possible, at least `min`, all of one kind. */
export function runPart({ name, accepts, min }: RunOptions): PatternPart {
  return {
    ...(name === undefined ? {} : { name }),
    isRun: true,
    nextEnd(text, at, previous) {
      if (previous === -1) return countWhile(text, at, { accepts, most: min }) === min ? at + min : -1;
      return previous < text.length && accepts(text.charCodeAt(previous)) ? previous + 1 : -1;
    },
  };
}

/** `{**}/`: any number of whole path parts, each with its slash. */
export function anyPartsPart(): PatternPart {
  return {
    isRun: true,
    nextEnd(text, at, previous) {
      if (previous === -1) return at;
      const slash = text.indexOf('/', previous);
      return slash === -1 ? -1 : slash + 1;
    },
  };
}

/** A part that may end at one of a few places; `endsAt` lists them, the preferred one first. */
export function choicePart(name: string | undefined, endsAt: (text: string, at: number) => readonly number[]): PatternPart {
  return {
    ...(name === undefined ? {} : { name }),
    nextEnd(text, at, previous) {
      const ends = endsAt(text, at);
      return ends[previous === -1 ? 0 : ends.indexOf(previous) + 1] ?? -1;
    },
  };
}

/** Seconds since 1970 with an optional fraction. Shorter numbers than nine digits (before 1973) are counters, not clocks. */
export function unixPart(name: string): PatternPart {
  return choicePart(name, (text, at) => {
    const digits = countWhile(text, at, { accepts: isDigitCode, most: 12 });
    if (digits < 9 || digits > 11) return [];
    const whole = at + digits;
    const fraction = text.charCodeAt(whole) === DOT ? countWhile(text, whole + 1, { accepts: isDigitCode, most: 10 }) : 0;
    return fraction >= 1 && fraction <= 9 ? [whole + 1 + fraction, whole] : [whole];
  });
}

/** Milliseconds since 1970, twelve to fourteen digits. */
export function unixMsPart(name: string): PatternPart {
  return choicePart(name, (text, at) => {
    const digits = countWhile(text, at, { accepts: isDigitCode, most: 15 });
    return digits >= 12 && digits <= 14 ? [at + digits] : [];
  });
}

/** Hour 1–12 with one or two digits. */
export function twelveHourPart(name: string): PatternPart {
  return choicePart(name, (text, at) =>
    [2, 1]
      .filter((digits) => {
        const value = Number(text.slice(at, at + digits));
        return countWhile(text, at, { accepts: isDigitCode, most: digits }) === digits && value >= 1 && value <= 12;
      })
      .map((digits) => at + digits),
  );
}

/** One of a few words, without regard to case. */
export function wordPart(name: string | undefined, words: readonly string[]): PatternPart {
  return choicePart(name, (text, at) =>
    words.filter((word) => text.slice(at, at + word.length).toLowerCase() === word).map((word) => at + word.length),
  );
}

/** `Z` or `±hh[:]mm`. */
export function zonePart(name: string): PatternPart {
  return choicePart(name, (text, at) => {
    const end = endOfZone(text, at);
    return end === undefined ? [] : [end];
  });
}

/** Only offsets that clocks really use (±14 h, whole quarters), so that a counter such as `-0001` is not one. */
export function endOfZone(text: string, at: number): number | undefined {
  const found = /^(?:z|[+-](?:0\d|1[0-4]):?(?:00|15|30|45))/i.exec(text.slice(at, at + 6));
  return found ? at + found[0].length : undefined;
}

type CountOptions = { accepts: (code: number) => boolean; most: number };

function countWhile(text: string, at: number, { accepts, most }: CountOptions): number {
  let count = 0;
  while (count < most && at + count < text.length && accepts(text.charCodeAt(at + count))) count++;
  return count;
}
