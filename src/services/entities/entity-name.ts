import type { EntityRow } from '../../db/models/entities.ts';

/** The name a user gave an entity; null without one. */
export function entityNameOf({ entity_metadata: metadata }: Pick<EntityRow, 'entity_metadata'>): string | null {
  const name = metadata?.['name'];
  return typeof name === 'string' && name !== '' ? name : null;
}
