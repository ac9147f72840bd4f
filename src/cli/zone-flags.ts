import { Flags } from '@oclif/core';
import { ZONE_ANCHORS, ZONE_PURPOSES, ZONE_SHAPES, ZONE_TYPES } from '../domain/enums.ts';
import { choiceFlag, splitWords, toChoices } from './choice-flag.ts';

const ZONE = 'ZONE';

/** What can be said of a zone. */
export const zoneFlags = {
  points: Flags.string({
    summary: 'Corners as parts of the picture, 0 to 1: two opposite ones of a rectangle, or three and more of a polygon.',
    helpValue: '"X,Y X,Y …"',
    helpGroup: ZONE,
  }),
  shape: Flags.option({ summary: 'What the points are; told from them when left out.', options: ZONE_SHAPES, helpGroup: ZONE })(),
  type: Flags.option({ summary: 'What is there.', options: ZONE_TYPES, helpGroup: ZONE })(),
  purpose: Flags.option({
    summary: 'To say where something was (detect), to leave out motion (motion_mask), or to leave out detections, too (ignore).',
    options: ZONE_PURPOSES,
    helpGroup: ZONE,
  })(),
  anchor: Flags.option({ summary: 'Part of a box that has to be in it.', options: ZONE_ANCHORS, helpGroup: ZONE })(),
  classes: Flags.string({
    summary: 'Classes or class groups it holds for, such as person,vehicle; empty for all.',
    helpValue: 'A,B',
    helpGroup: ZONE,
  }),
  priority: Flags.integer({ summary: 'Where zones overlap the highest is the zone.', min: 0, max: 1_000_000, helpGroup: ZONE }),
  color: Flags.string({ summary: 'Colour in drawings.', helpValue: '#RRGGBB', helpGroup: ZONE }),
  enable: Flags.boolean({ summary: 'Let it hold.', exclusive: ['disable'], helpGroup: ZONE }),
  disable: Flags.boolean({ summary: 'Keep it, but as if it were not there.', helpGroup: ZONE }),
  'dry-run': Flags.boolean({ summary: 'Say what would change and change nothing.', default: false }),
};

/** Tells zones of one name apart. */
export const zoneCameraFlag = Flags.string({ summary: 'Camera of the zone, where several have one of that name.', helpValue: 'ID' });

type ZoneFlagValues = {
  points?: string | undefined;
  shape?: (typeof ZONE_SHAPES)[number] | undefined;
  type?: (typeof ZONE_TYPES)[number] | undefined;
  purpose?: (typeof ZONE_PURPOSES)[number] | undefined;
  anchor?: (typeof ZONE_ANCHORS)[number] | undefined;
  classes?: string | undefined;
  priority?: number | undefined;
  color?: string | undefined;
  enable?: boolean;
  disable?: boolean;
};

/** The changes of `zoneFlags` as the services take them. */
export function toZoneChanges(flags: ZoneFlagValues) {
  const { points, shape, type, purpose, anchor, priority, color } = flags;
  const classes = flags.classes === undefined ? undefined : splitWords(flags.classes);
  return { points, shape, type, purpose, anchor, classes, priority, color, enabled: enabledBy(flags) };
}

function enabledBy({ enable, disable }: Pick<ZoneFlagValues, 'enable' | 'disable'>): boolean | undefined {
  if (enable === true) return true;
  return disable === true ? false : undefined;
}

export const zoneFilterFlags = {
  type: choiceFlag(ZONE_TYPES, 'Only zones of these types.'),
  purpose: choiceFlag(ZONE_PURPOSES, 'Only zones for these purposes.'),
};

/** The filter of `zoneFilterFlags` as the services take it. */
export function toZoneFilter({ type, purpose }: { type?: string[] | undefined; purpose?: string[] | undefined }) {
  return { types: toChoices('type', type, ZONE_TYPES), purposes: toChoices('purpose', purpose, ZONE_PURPOSES) };
}
