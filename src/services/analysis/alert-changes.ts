import type { AlertNameRow } from '../../db/queries/alert-names.ts';

/** Names of rules whose alert an event gets, and of those whose alert it loses. */
export type AlertChange = { raised: readonly string[]; gone: readonly string[] };

export type AlertChanges = ReadonlyMap<number, AlertChange>;

export const NO_ALERT_CHANGE: AlertChange = { raised: [], gone: [] };

/** By event; those whose alerts stay are not in it. */
export function alertChanges(before: readonly AlertNameRow[], after: readonly AlertNameRow[]): AlertChanges {
  const [had, has] = [byEvent(before), byEvent(after)];
  const changes = new Map<number, AlertChange>();
  for (const id of new Set([...had.keys(), ...has.keys()])) {
    const [old, now] = [had.get(id) ?? [], has.get(id) ?? []];
    const change = { raised: now.filter((name) => !old.includes(name)), gone: old.filter((name) => !now.includes(name)) };
    if (change.raised.length + change.gone.length > 0) changes.set(id, change);
  }
  return changes;
}

function byEvent(rows: readonly AlertNameRow[]): Map<number, string[]> {
  const names = new Map<number, string[]>();
  for (const { event_id: id, rule_name: name } of rows) names.set(id, [...(names.get(id) ?? []), name]);
  return names;
}
