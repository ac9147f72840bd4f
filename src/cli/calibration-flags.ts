import { Flags } from '@oclif/core';
import { UsageError } from '../errors/hs-error.ts';

/** How far feedback moves thresholds. */
export function decayFlag(summary: string) {
  return Flags.string({ summary: `${summary} 0: not at all, 0.1: by one, 1: by ten.`, helpValue: '0…1' });
}

/** Cameras by id or name. */
export function camerasFlag(summary: string) {
  return Flags.string({ summary: `${summary}; may be repeated and may hold * and ?.`, multiple: true, helpValue: 'ID' });
}

/** Throws `UsageError` for anything but a number from 0 to 1. */
export function toDecay(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const decay = text.trim() === '' ? NaN : Number(text);
  if (decay >= 0 && decay <= 1) return decay;
  throw new UsageError(`--decay ${JSON.stringify(text)} is not a number from 0 to 1`);
}
