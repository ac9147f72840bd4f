import { Flags } from '@oclif/core';

const SITE = 'SITE';
const AREA = 'AREA';

const timezone = { summary: 'Time zone of its cameras, such as Europe/Berlin.', helpValue: 'ZONE', helpGroup: SITE };

/** What can be said of a property. */
export const propertyFlags = {
  timezone: Flags.string(timezone),
  address: Flags.string({ summary: 'Where it is; empty to remove it.', helpValue: 'TEXT', helpGroup: SITE }),
  household: Flags.string({ summary: 'Household it belongs to; needed when there are several.', helpValue: 'NAME', helpGroup: SITE }),
  'dry-run': Flags.boolean({ summary: 'Say what would change and change nothing.', default: false }),
};

/** The same where one is added. */
export const newPropertyFlags = { ...propertyFlags, timezone: Flags.string({ ...timezone, required: true }) };

export const areaFlags = {
  property: Flags.string({ summary: 'Property it is a part of, by name or id.', helpValue: 'NAME', helpGroup: AREA }),
  description: Flags.string({ summary: 'What it is; empty to remove it.', helpValue: 'TEXT', helpGroup: AREA }),
  color: Flags.string({ summary: 'Colour in drawings.', helpValue: '#RRGGBB', helpGroup: AREA }),
  'dry-run': Flags.boolean({ summary: 'Say what would change and change nothing.', default: false }),
};
