import { patternOf, splitTemplate, type TemplatePiece } from './split-template.ts';
import { complaintAboutOptions, type TemplateOptions, type TimeTemplate } from './template.ts';

export type ParsedTemplate = { ok: true; template: TimeTemplate } | { ok: false; message: string };

/** `layout` is the name under which the template is reported. */
export type ParseTemplateOptions = TemplateOptions & { layout: string };

/** Longer ones are mistakes, and the search goes as deep as a template is long. */
const MAX_TEMPLATE_LENGTH = 500;

/** Checks and prepares a template such as `{camera}/{yyyy}-{MM}-{dd}/{HH}{mm}{ss}.{ext}`. Never throws. */
export function parseTemplate(text: string, options: ParseTemplateOptions): ParsedTemplate {
  const pieces = splitTemplate(text.normalize('NFC'));
  const complaint =
    complaintAboutShape(text) ??
    (typeof pieces === 'string' ? pieces : undefined) ??
    complaintAboutOptions(options) ??
    complaintAboutTokens(tokensOf(pieces), options.time ?? 'start');
  if (complaint !== undefined || typeof pieces === 'string') {
    return { ok: false, message: `template ${JSON.stringify(text)}: ${complaint ?? ''}` };
  }
  return { ok: true, template: buildTemplate(text, pieces, options) };
}

/** A template for names that are known to tell no time. */
export function untimedTemplate(text: string, layout: string): TimeTemplate {
  const pieces = splitTemplate(text);
  if (typeof pieces === 'string') throw new Error(`${text}: ${pieces}`);
  return { ...buildTemplate(text, pieces, { layout, confidence: 'low' }), untimed: true };
}

function buildTemplate(text: string, pieces: readonly TemplatePiece[], options: ParseTemplateOptions): TimeTemplate {
  const tokens = tokensOf(pieces);
  const endsOnly = !hasMoment(tokens, '') && hasMoment(tokens, 'e');
  const prefix = endsOnly ? 'e' : '';
  return {
    layout: options.layout,
    text,
    pattern: patternOf(pieces),
    zone: options.zone ?? 'local',
    time: endsOnly ? 'end' : (options.time ?? 'start'),
    confidence: options.confidence ?? 'exact',
    hasSeconds: ['ss', 'unix', 'unix_ms'].some((token) => tokens.has(prefix + token)),
  };
}

function tokensOf(pieces: readonly TemplatePiece[] | string): ReadonlySet<string> {
  if (typeof pieces === 'string') return new Set();
  return new Set(pieces.filter((piece) => piece.kind === 'token').map((piece) => piece.text));
}

function complaintAboutShape(text: string): string | undefined {
  if (text.length > MAX_TEMPLATE_LENGTH) return `longer than ${String(MAX_TEMPLATE_LENGTH)} characters`;
  if (text.startsWith('/')) return 'must not begin with /: it is matched against the right end of the path';
  if (text.endsWith('/')) return 'must end with the file name, not with /';
  if (text.includes('//')) return 'has an empty path part (//)';
  if (/[^/]\{\*\*\}/.test(text)) return '{**} stands for whole path parts and must begin one';
  return undefined;
}

function complaintAboutTokens(tokens: ReadonlySet<string>, time: 'start' | 'end'): string | undefined {
  const hasEnd = hasMoment(tokens, 'e');
  if (!hasMoment(tokens, '') && !hasEnd) {
    return 'needs at least year, month, day and hour, or {unix} or {unix_ms}';
  }
  if (time === 'end' && hasMoment(tokens, '') && (hasEnd || tokens.has('eHH') || tokens.has('eh'))) {
    return 'time: end is for names with one time, this one names start and end';
  }
  return complaintAboutPairs(tokens, '') ?? complaintAboutPairs(tokens, 'e');
}

function complaintAboutPairs(tokens: ReadonlySet<string>, prefix: '' | 'e'): string | undefined {
  const both = (a: string, b: string): boolean => tokens.has(prefix + a) && tokens.has(prefix + b);
  const oneWithout = (a: string, b: string): boolean => tokens.has(prefix + a) && !tokens.has(prefix + b);
  if (both('yyyy', 'yy')) return `{${prefix}yyyy} and {${prefix}yy} say the same; use one`;
  if (both('HH', 'h')) return `{${prefix}HH} and {${prefix}h} say the same; use one`;
  if (oneWithout('h', 'ap') || oneWithout('ap', 'h')) return `{${prefix}h} and {${prefix}ap} belong together`;
  if (both('unix', 'unix_ms')) return `{${prefix}unix} and {${prefix}unix_ms} say the same; use one`;
  return undefined;
}

function hasMoment(tokens: ReadonlySet<string>, prefix: '' | 'e'): boolean {
  const has = (token: string): boolean => tokens.has(prefix + token);
  if (has('unix') || has('unix_ms')) return true;
  return (has('yyyy') || has('yy')) && has('MM') && has('dd') && (has('HH') || has('h'));
}
