import { Flags } from '@oclif/core';
import { SUMMARY_TYPES, type SummaryType } from '../domain/enums.ts';
import { choiceFlag, toChoices } from './choice-flag.ts';
import type { CellValue } from './column.ts';

/** What lists of summaries are narrowed to. */
export const summaryTypeFlag = { type: choiceFlag(SUMMARY_TYPES, 'Only summaries of these windows.') };

/** The types of `summaryTypeFlag` as the services take them. */
export function toSummaryTypes({ type }: { type?: string[] | undefined }): SummaryType[] | undefined {
  return toChoices('type', type, SUMMARY_TYPES);
}

/** Which window a summary is written of. */
export const newSummaryFlags = {
  type: Flags.option({ summary: 'Of the hour up to --at, or of its local day.', options: SUMMARY_TYPES, default: 'daily' as const })(),
  at: Flags.string({
    summary: 'Moment of footage: ISO 8601, 7d before the newest footage, or now; by default the end of the newest footage.',
    helpValue: 'TIME',
  }),
  'dry-run': Flags.boolean({ summary: 'Write the text and keep nothing.', default: false }),
};

/** What people see of a summary: local times instead of UTC. */
export function summaryForPeople(summary: Readonly<Record<string, CellValue>>): Record<string, CellValue> {
  const { window_start_local, window_end_local, ...others } = summary;
  return { ...others, window_start: window_start_local, window_end: window_end_local };
}
