import { Flags } from '@oclif/core';
import { SEVERITIES } from '../domain/enums.ts';
import { UsageError } from '../errors/hs-error.ts';
import { LARGEST_INTEGER } from './largest-integer.ts';

const WHEN = 'WHEN';
const THEN = 'THEN';

const list = (summary: string) => Flags.string({ summary: `${summary}; empty for any.`, helpValue: 'A,B', helpGroup: WHEN });
const number = (summary: string) => Flags.string({ summary: `${summary}; empty for any.`, helpValue: 'NUMBER', helpGroup: WHEN });

/** What can be said of a rule. */
export const ruleFlags = {
  threshold: number('Smallest risk score, 0 to 100'),
  types: list('Classes, such as person,dog, or the groups vehicle and animal'),
  cameras: list('Cameras, by id or name'),
  zones: list('Zones that the same detection lies in, by name or id'),
  'min-confidence': number('Smallest score of the same detection, 0 to 1'),
  'min-dwell': number('Seconds its track stayed in one of the zones, in any zone when none is named'),
  trust: list('Whom its track was taken for: unknown (also when nobody was compared), untrusted, trusted, member'),
  'min-anomaly': number('How unusual the event is, 0 to 1'),
  count: number('Tracks that match'),
  schedule: Flags.string({
    summary: 'When it holds, such as "friday,saturday 22:00-06:00 Europe/Berlin", or JSON; empty for always.',
    helpValue: 'TEXT',
    helpGroup: WHEN,
  }),
  severity: Flags.option({ summary: 'Of its alerts.', options: SEVERITIES, helpGroup: THEN })(),
  cooldown: Flags.integer({
    summary: 'Seconds of footage between alerts of the same key, 0 for none.',
    min: 0,
    max: LARGEST_INTEGER,
    helpGroup: THEN,
  }),
  'dedup-key': Flags.string({
    summary: 'What alerts repeat each other by: {camera_id}, {rule_id}, {object_type}, {zone_id}, {sequence_id}.',
    helpValue: 'TEMPLATE',
    helpGroup: THEN,
  }),
  channels: Flags.string({ summary: 'Channels that tell of its alerts; empty for all.', helpValue: 'A,B', helpGroup: THEN }),
  description: Flags.string({ summary: 'Anything; empty to remove it.', helpValue: 'TEXT' }),
  enable: Flags.boolean({ summary: 'Let it raise alerts.', exclusive: ['disable'] }),
  disable: Flags.boolean({ summary: 'Keep it, but let it raise none.' }),
  'dry-run': Flags.boolean({ summary: 'Say what would change and change nothing.', default: false }),
};

type Texts = 'threshold' | 'types' | 'cameras' | 'zones' | 'min-confidence' | 'min-dwell' | 'trust' | 'min-anomaly' | 'count';
type RuleFlagValues = Partial<Record<Texts | 'schedule' | 'dedup-key' | 'channels' | 'description', string | undefined>> & {
  severity?: string | undefined;
  cooldown?: number | undefined;
  enable?: boolean;
  disable?: boolean;
};

/** The changes of `ruleFlags` as the services take them. */
export function toRuleChanges(flags: RuleFlagValues) {
  return {
    threshold: toNumber('threshold', flags.threshold),
    types: toWords(flags.types),
    cameras: toWords(flags.cameras),
    zones: toWords(flags.zones),
    minConfidence: toNumber('min-confidence', flags['min-confidence']),
    minDwell: toNumber('min-dwell', flags['min-dwell']),
    trust: toWords(flags.trust),
    minAnomaly: toNumber('min-anomaly', flags['min-anomaly']),
    objectCount: toNumber('count', flags.count),
    schedule: flags.schedule,
    severity: flags.severity,
    cooldown: flags.cooldown,
    dedupKey: flags['dedup-key'],
    channels: toWords(flags.channels),
    description: flags.description === '' ? null : flags.description,
    enabled: enabledBy(flags),
  };
}

function enabledBy({ enable, disable }: Pick<RuleFlagValues, 'enable' | 'disable'>): boolean | undefined {
  if (enable === true) return true;
  return disable === true ? false : undefined;
}

/** Null for an empty text. */
function toNumber(flag: string, text: string | undefined): number | null | undefined {
  if (text === undefined) return undefined;
  if (text.trim() === '') return null;
  const value = Number(text);
  if (Number.isFinite(value)) return value;
  throw new UsageError(`--${flag} ${JSON.stringify(text)} is not a number`);
}

function toWords(text: string | undefined): string[] | undefined {
  return text
    ?.split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
