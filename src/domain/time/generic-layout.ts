import type { PathPattern, PatternPart } from './path-pattern.ts';
import { choicePart, endOfZone, isDigitCode, isLetterCode, isNotSlashCode, literalPart, runPart, wordPart } from './pattern-parts.ts';
import type { TimeTemplate } from './template.ts';
import { tokenPart } from './template-tokens.ts';

/** The last resort of `auto`: a date and time anywhere in the file name, in the two spellings most cameras use. */
export const GENERIC_TEMPLATES: readonly TimeTemplate[] = [
  generic('{*}{yyyy}{MM}{dd}{sep}{HH}{mm}{ss}{*}', [
    ...tokens('yyyy', 'MM', 'dd'),
    wordPart(undefined, ['_', '-', 't', '']),
    ...tokens('HH', 'mm', 'ss'),
  ]),
  generic('{*}{yyyy}-{MM}-{dd}{sep}{HH}{s}{mm}{s}{ss}{*}', [
    ...tokens('yyyy'),
    literalPart('-'),
    ...tokens('MM'),
    literalPart('-'),
    ...tokens('dd'),
    wordPart(undefined, ['_', 't', ' ']),
    ...tokens('HH'),
    wordPart('s', ['-', '.', ':', '_']),
    ...tokens('mm'),
    wordPart('s', ['-', '.', ':', '_']),
    ...tokens('ss'),
  ]),
];

function generic(text: string, moment: readonly PatternPart[]): TimeTemplate {
  const anything = runPart({ accepts: isNotSlashCode, min: 0 });
  const parts = [anything, noDigitBefore(), ...moment, fractionBeforeZone(), optionalZone(), noDigitAfter(), anything];
  const pattern: PathPattern = { parts, depth: 1, anyDepth: false };
  return { layout: 'generic', text, pattern, zone: 'local', time: 'start', confidence: 'exact', hasSeconds: true };
}

function tokens(...names: readonly string[]): PatternPart[] {
  return names.map(tokenPart).filter((part) => part !== undefined);
}

/** Milliseconds are read only where a zone follows (`08-15-00.123Z`): otherwise three digits are as likely a counter. */
function fractionBeforeZone(): PatternPart {
  return choicePart('fraction', (text, at) => {
    const hasFraction = /^[.,]\d{3}/.test(text.slice(at, at + 4)) && endOfLoneZone(text, at + 4) !== undefined;
    return [hasFraction ? at + 4 : at];
  });
}

function optionalZone(): PatternPart {
  return choicePart('zone', (text, at) => [endOfLoneZone(text, at) ?? at]);
}

/** The end of a zone that no letter or digit follows: the `Z` of `Zoe` is none. */
function endOfLoneZone(text: string, at: number): number | undefined {
  const end = endOfZone(text, at);
  const next = end === undefined ? Number.NaN : text.charCodeAt(end);
  return isDigitCode(next) || isLetterCode(next) ? undefined : end;
}

function noDigitBefore(): PatternPart {
  return choicePart(undefined, (text, at) => (at > 0 && isDigitCode(text.charCodeAt(at - 1)) ? [] : [at]));
}

function noDigitAfter(): PatternPart {
  return choicePart(undefined, (text, at) => (isDigitCode(text.charCodeAt(at)) ? [] : [at]));
}
