import { UsageError } from '../../errors/hs-error.ts';

const IDS_SHOWN = 10;

/** Throws a usage error that names the events, where there are any: what is kept as evidence goes only after somebody released it. */
export function refuseHeld(eventIds: readonly number[], what: string): void {
  if (eventIds.length === 0) return;
  const shown = eventIds.slice(0, IDS_SHOWN).join(' ');
  const more = eventIds.length > IDS_SHOWN ? ` and ${String(eventIds.length - IDS_SHOWN)} more` : '';
  const events = eventIds.length === 1 ? 'an event that is' : 'events that are';
  throw new UsageError(`${what} ${events} held as evidence: ${shown.replaceAll(' ', ', ')}${more}`, {
    code: 'events_held',
    hint: `nothing was changed; \`hs evidence list\` says why they are held, \`hs evidence release ${shown}\` lets them go`,
  });
}
