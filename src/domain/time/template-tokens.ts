import type { PatternPart } from './path-pattern.ts';
import {
  isDigitCode,
  isHexCode,
  isLetterCode,
  isNotSlashCode,
  numberPart,
  runPart,
  twelveHourPart,
  unixMsPart,
  unixPart,
  wordPart,
  zonePart,
} from './pattern-parts.ts';

/** Tokens that say when; each also exists with the prefix `e`, for the end of the recording. */
const TIME_TOKENS: Readonly<Record<string, (name: string) => PatternPart>> = {
  yyyy: (name) => numberPart(name, { digits: 4, min: 0, max: 9999 }),
  yy: (name) => numberPart(name, { digits: 2, min: 0, max: 99 }),
  MM: (name) => numberPart(name, { digits: 2, min: 1, max: 12 }),
  dd: (name) => numberPart(name, { digits: 2, min: 1, max: 31 }),
  HH: (name) => numberPart(name, { digits: 2, min: 0, max: 23 }),
  mm: (name) => numberPart(name, { digits: 2, min: 0, max: 59 }),
  ss: (name) => numberPart(name, { digits: 2, min: 0, max: 59 }),
  SSS: (name) => numberPart(name, { digits: 3, min: 0, max: 999 }),
  h: twelveHourPart,
  ap: (name) => wordPart(name, ['am', 'pm']),
  unix: unixPart,
  unix_ms: unixMsPart,
};

const OTHER_TOKENS: Readonly<Record<string, () => PatternPart>> = {
  zone: () => zonePart('zone'),
  dst: () => wordPart('dst', ['dst', '']),
  camera: () => runPart({ name: 'camera', accepts: isNotSlashCode, min: 1 }),
  ext: () => runPart({ name: 'ext', accepts: (code) => isLetterCode(code) || isDigitCode(code), min: 1 }),
  n: () => runPart({ accepts: isDigitCode, min: 1 }),
  x: () => runPart({ accepts: isHexCode, min: 1 }),
  w: () => runPart({ accepts: isLetterCode, min: 0 }),
  '*': () => runPart({ accepts: isNotSlashCode, min: 0 }),
};

/** All token names of templates, without braces. */
export const TEMPLATE_TOKENS: readonly string[] = [
  ...Object.keys(TIME_TOKENS),
  ...Object.keys(TIME_TOKENS).map((name) => `e${name}`),
  ...Object.keys(OTHER_TOKENS),
  '**',
];

/** The matcher of a token, or undefined for a name that is none (`**` is not one part of a path, so not here either). */
export function tokenPart(token: string): PatternPart | undefined {
  const other = Object.hasOwn(OTHER_TOKENS, token) ? OTHER_TOKENS[token] : undefined;
  if (other) return other();
  const base = isTimeToken(token) ? token : token.slice(1);
  return token === base || token === `e${base}` ? timeTokenPart(base, token) : undefined;
}

function timeTokenPart(base: string, name: string): PatternPart | undefined {
  return isTimeToken(base) ? TIME_TOKENS[base]?.(name) : undefined;
}

function isTimeToken(token: string): boolean {
  return Object.hasOwn(TIME_TOKENS, token);
}
