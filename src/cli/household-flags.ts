import { Flags } from '@oclif/core';

const MEMBER = 'MEMBER';
const VEHICLE = 'VEHICLE';

const dryRun = { 'dry-run': Flags.boolean({ summary: 'Say what would change and change nothing.', default: false }) };

/** Where one is added. */
export const householdFlag = {
  household: Flags.string({ summary: 'Household it belongs to; needed when there are several.', helpValue: 'NAME' }),
};

export const householdChangeFlags = dryRun;

const role = {
  summary: 'What the person is to the household: resident, family, service_worker or frequent_visitor.',
  helpValue: 'ROLE',
  helpGroup: MEMBER,
};
const trust = {
  summary: 'full: never alert; partial: lower severity; monitor: note only.',
  helpValue: 'LEVEL',
  helpGroup: MEMBER,
};

/** What can be said of a member. */
export const memberFlags = {
  role: Flags.string(role),
  trust: Flags.string(trust),
  schedule: Flags.string({
    summary: 'When the person is usually there, such as "weekdays 08:00-18:00; friday none", or JSON; empty to remove it.',
    helpValue: 'TEXT',
    helpGroup: MEMBER,
  }),
  notes: Flags.string({ summary: 'Anything; empty to remove it.', helpValue: 'TEXT', helpGroup: MEMBER }),
  ...dryRun,
};

/** The same where one is added. */
export const newMemberFlags = {
  ...householdFlag,
  ...memberFlags,
  role: Flags.string({ ...role, default: 'resident' }),
  trust: Flags.string({ ...trust, default: 'full' }),
};

const type = { summary: 'car, truck, motorcycle, suv, van or other.', helpValue: 'TYPE', helpGroup: VEHICLE };

/** What can be said of a vehicle. */
export const vehicleFlags = {
  plate: Flags.string({ summary: 'Licence plate; blanks and hyphens do not matter; empty to remove it.', helpGroup: VEHICLE }),
  type: Flags.string(type),
  color: Flags.string({ summary: 'Colour; empty to remove it.', helpGroup: VEHICLE }),
  owner: Flags.string({ summary: 'Member it belongs to, by name or id; empty to remove it.', helpValue: 'MEMBER', helpGroup: VEHICLE }),
  trusted: Flags.boolean({ summary: 'Whether it may be there.', allowNo: true, helpGroup: VEHICLE }),
  ...dryRun,
};

/** The same where one is added. */
export const newVehicleFlags = { ...householdFlag, ...vehicleFlags, type: Flags.string({ ...type, default: 'car' }) };
