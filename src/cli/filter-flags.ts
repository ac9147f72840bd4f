import { Flags } from '@oclif/core';
import { ANALYSIS_STATUSES, MEDIA_FILE_STATUSES, RISK_SOURCES, SEVERITIES } from '../domain/enums.ts';
import { UsageError } from '../errors/hs-error.ts';
import { choiceFlag, namesFlag, toChoices, wordsFlag } from './choice-flag.ts';
import { LARGEST_INTEGER } from './largest-integer.ts';

const FILTER = 'FILTER';
const LARGEST_ID = 9_007_199_254_740_991;

/** For lists of what can be in a zone. */
export const zoneFlag = namesFlag('Only what was in these zones, by name or id; * and ? allowed.', 'ZONE');

export const eventFlags = {
  level: choiceFlag(SEVERITIES, 'Only these risk levels.'),
  'min-score': Flags.integer({ summary: 'Only risk scores of at least this.', min: 0, max: 100, helpGroup: FILTER }),
  type: wordsFlag('Only events with one of these classes, such as person,car.'),
  reviewed: Flags.boolean({ summary: 'Only reviewed events, or with --no-reviewed only the others.', allowNo: true, helpGroup: FILTER }),
  'fast-path': Flags.boolean({
    summary: 'Only events with a surely recognised person; --no-fast-path: only the others.',
    allowNo: true,
    helpGroup: FILTER,
  }),
  source: choiceFlag(RISK_SOURCES, 'Only events scored by these.'),
  status: choiceFlag(ANALYSIS_STATUSES, 'Only events in this state of analysis.'),
  text: Flags.string({
    summary: 'Only events with these words in summary, notes, classes or camera name.',
    helpValue: 'WORDS',
    helpGroup: FILTER,
  }),
  zone: zoneFlag,
};

type EventFlagValues = {
  level?: string[] | undefined;
  'min-score'?: number | undefined;
  type?: string[] | undefined;
  reviewed?: boolean;
  'fast-path'?: boolean;
  source?: string[] | undefined;
  status?: string[] | undefined;
  text?: string | undefined;
};

/** The filter of `eventFlags` as the services take it. */
export function toEventFilter(flags: EventFlagValues) {
  return {
    levels: toChoices('level', flags.level, SEVERITIES),
    minScore: flags['min-score'],
    types: flags.type,
    reviewed: flags.reviewed,
    fastPath: flags['fast-path'],
    sources: toChoices('source', flags.source, RISK_SOURCES),
    statuses: toChoices('status', flags.status, ANALYSIS_STATUSES),
    text: flags.text,
  };
}

export const detectionFlags = {
  type: wordsFlag('Only these classes, such as person,car.'),
  'min-confidence': Flags.string({ summary: 'Only detections with at least this score, 0 to 1.', helpValue: 'SCORE', helpGroup: FILTER }),
  file: Flags.string({ summary: 'Only this file, by id or path; may be repeated.', multiple: true, helpValue: 'FILE', helpGroup: FILTER }),
  track: Flags.integer({ summary: 'Only this track.', min: 1, max: LARGEST_INTEGER, helpGroup: FILTER }),
  static: Flags.boolean({
    summary: 'Only objects that stand still, or with --no-static only the others.',
    allowNo: true,
    helpGroup: FILTER,
  }),
  zone: zoneFlag,
};

type DetectionFlagValues = {
  type?: string[] | undefined;
  'min-confidence'?: string | undefined;
  file?: string[] | undefined;
  track?: number | undefined;
  static?: boolean;
  zone?: string[] | undefined;
};

/** The filter of `detectionFlags` as the services take it. */
export function toDetectionChoice(flags: DetectionFlagValues) {
  const { type, 'min-confidence': score, track, static: isStatic, file, zone } = flags;
  const minConfidence = score === undefined ? undefined : toScore(score);
  return { filter: { types: type, minConfidence, trackId: track, isStatic }, files: file, inZones: zone };
}

export const fileFlags = {
  status: choiceFlag(MEDIA_FILE_STATUSES, 'Only files in these states.'),
  code: wordsFlag('Only files with these codes, such as truncated.'),
  sha: Flags.string({ summary: 'Only content whose sha256 begins with this.', helpValue: 'HEX', helpGroup: FILTER }),
  failed: Flags.boolean({ summary: 'Only failed and partial files.', exclusive: ['status'], helpGroup: FILTER }),
};

type FileFlagValues = { status?: string[] | undefined; code?: string[] | undefined; sha?: string | undefined; failed: boolean };

/** The filter of `fileFlags` as the services take it. */
export function toFileFilter({ status, code, sha, failed }: FileFlagValues) {
  const statuses = failed ? (['failed', 'partial'] as const) : toChoices('status', status, MEDIA_FILE_STATUSES);
  return { statuses, codes: code, sha256Prefix: sha?.toLowerCase() };
}

/** Reads an id as people write it. Throws `UsageError` for anything but a whole number from 1 on. */
export function toId(text: string): number {
  const id = /^\d{1,16}$/.test(text.trim()) ? Number(text) : NaN;
  if (id >= 1 && id <= LARGEST_ID) return id;
  throw new UsageError(`${JSON.stringify(text)} is not an id`, { hint: 'ids are whole numbers, as the lists show them' });
}

function toScore(text: string): number {
  const score = text.trim() === '' ? NaN : Number(text);
  if (score >= 0 && score <= 1) return score;
  throw new UsageError(`--min-confidence ${JSON.stringify(text)} is not a number from 0 to 1`);
}
