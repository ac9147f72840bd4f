import { Flags } from '@oclif/core';

import { UsageError } from '../errors/hs-error.ts';
import { asFlagParser } from './moment-flags.ts';

type ShareFlag = { summary: string; most: number; otherwise: number };

/** A flag that takes a share from 0 on, such as 0.1. */
export function shareFlag({ summary, most, otherwise }: ShareFlag) {
  return Flags.custom<number>({
    summary,
    helpValue: 'SHARE',
    parse: asFlagParser((text) => {
      const share = /^\d*\.?\d+$/.test(text.trim()) ? Number(text) : NaN;
      if (share >= 0 && share <= most) return share;
      throw new UsageError(`${JSON.stringify(text)} is not a share from 0 to ${String(most)}`, { hint: 'give a number such as 0.1' });
    }),
  })({ default: otherwise });
}
