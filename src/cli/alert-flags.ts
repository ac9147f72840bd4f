import { Flags } from '@oclif/core';
import { ALERT_STATUSES, SEVERITIES } from '../domain/enums.ts';
import { choiceFlag, toChoices } from './choice-flag.ts';

export const alertFlags = {
  severity: choiceFlag(SEVERITIES, 'Only of these severities.'),
  status: choiceFlag(ALERT_STATUSES, 'Only in these states.'),
  rule: Flags.string({
    summary: 'Only of this rule, by name or id; may be repeated.',
    multiple: true,
    helpValue: 'RULE',
    helpGroup: 'FILTER',
  }),
};

/** The filter of `alertFlags` as the services take it, without the rules. */
export function toAlertFilter({ severity, status }: { severity?: string[] | undefined; status?: string[] | undefined }) {
  return { severities: toChoices('severity', severity, SEVERITIES), statuses: toChoices('status', status, ALERT_STATUSES) };
}
