import { Flags } from '@oclif/core';
import { DAYS_OF_WEEK, NOTIFICATION_SOUNDS, SEVERITIES, type DayOfWeek } from '../domain/enums.ts';
import { choiceFlag, splitWords, toChoices } from './choice-flag.ts';

const dryRun = { 'dry-run': Flags.boolean({ summary: 'Say what would change and change nothing.', default: false }) };

const onOff = {
  enable: Flags.boolean({ summary: 'Tell.', exclusive: ['disable'] }),
  disable: Flags.boolean({ summary: 'Tell nobody of anything.' }),
};

/** What holds for all cameras. */
export const preferenceFlags = {
  ...onOff,
  levels: choiceFlag(SEVERITIES, 'Levels that somebody is told of.'),
  sound: Flags.option({ summary: 'Sound that a program which shows alerts may play.', options: NOTIFICATION_SOUNDS })(),
  ...dryRun,
};

/** What holds for one camera. */
export const cameraPreferenceFlags = {
  ...onOff,
  threshold: Flags.integer({ summary: 'Smallest risk score that somebody is told of.', min: 0, max: 100 }),
  ...dryRun,
};

/** A period of quiet hours. */
export const quietFlags = {
  days: Flags.string({ summary: 'Days it begins on, such as friday,saturday; all when left out.', helpValue: 'A,B' }),
  label: Flags.string({ summary: 'Name of the period.', helpValue: 'TEXT' }),
  ...dryRun,
};

type OnOff = { enable?: boolean; disable?: boolean };

function enabledBy({ enable, disable }: OnOff): { enabled?: boolean } {
  if (enable === true) return { enabled: true };
  return disable === true ? { enabled: false } : {};
}

/** The changes of `preferenceFlags` as the services take them. */
export function toPreferencePatch(
  flags: OnOff & { levels?: string[] | undefined; sound?: (typeof NOTIFICATION_SOUNDS)[number] | undefined },
) {
  const levels = toChoices('levels', flags.levels, SEVERITIES);
  const { sound } = flags;
  return {
    ...enabledBy(flags),
    ...(levels === undefined ? {} : { risk_filters: SEVERITIES.filter((level) => levels.includes(level)).reverse() }),
    ...(sound === undefined ? {} : { sound }),
  };
}

/** The changes of `cameraPreferenceFlags` as the services take them. */
export function toCameraPatch(flags: OnOff & { threshold?: number | undefined }) {
  return { ...enabledBy(flags), ...(flags.threshold === undefined ? {} : { risk_threshold: flags.threshold }) };
}

/** Days of a period; undefined when not given. */
export function toDays(text: string | undefined): DayOfWeek[] | undefined {
  return text === undefined ? undefined : toChoices('days', splitWords(text), DAYS_OF_WEEK);
}
