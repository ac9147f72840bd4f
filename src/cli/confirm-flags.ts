import { Flags } from '@oclif/core';
import { UsageError } from '../errors/hs-error.ts';

/** Flags of commands that delete. */
export const confirmFlags = {
  yes: Flags.boolean({ summary: 'Do it; needed when not on a terminal.' }),
  'dry-run': Flags.boolean({ summary: 'Only say what would be done.', default: false }),
};

type ConfirmFlagValues = { yes: boolean; 'dry-run': boolean };

/** Throws `UsageError` when a script deletes without `--yes`. `what` names the act, e.g. `deleting a property`. */
export function assertConfirmed(flags: ConfirmFlagValues, what: string, input: { isTTY?: boolean } = process.stdin): void {
  if (flags.yes || flags['dry-run'] || input.isTTY === true) return;
  throw new UsageError(`${what} needs --yes when not on a terminal`, { hint: '--dry-run shows what would be done' });
}
