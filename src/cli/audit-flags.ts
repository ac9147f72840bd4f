import { Flags } from '@oclif/core';
import { AUDIT_ACTIONS, AUDIT_STATUSES } from '../domain/enums.ts';
import { choiceFlag, toChoices } from './choice-flag.ts';

const FILTER = 'FILTER';

/** Filters of the audit log. `--actor`, elsewhere who is recorded, here is who was. */
export const auditFlags = {
  action: choiceFlag(AUDIT_ACTIONS, 'Only these acts.'),
  actor: Flags.string({ summary: 'Only what these did.', helpValue: 'NAME,NAME', helpGroup: FILTER }),
  resource: Flags.string({
    summary: 'Only what was done to this kind of thing, or to one thing.',
    helpValue: 'KIND[:ID]',
    helpGroup: FILTER,
  }),
  status: choiceFlag(AUDIT_STATUSES, 'Only acts that ended like this.'),
};

type AuditFlagValues = { action?: string[] | undefined; actor?: string | undefined; status?: string[] | undefined };

/** The filter of `auditFlags` as the services take it, without the resource. */
export function toAuditFilter({ action, actor, status }: AuditFlagValues) {
  return {
    actions: toChoices('action', action, AUDIT_ACTIONS),
    statuses: toChoices('status', status, AUDIT_STATUSES),
    actors: actor
      ?.split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  };
}
