import { assignEntity, entityOfSighting, joinSighting } from './assign-entity.ts';
import type { EntityAssignment, KnownEntity, Sighting } from './assign-entity.ts';

export type ClusterOptions = {
  threshold: number;
  /** The id of an entity that is new with the sighting. */
  newId: (sighting: Sighting) => string;
};

export type Clustered<S extends Sighting> = {
  entities: KnownEntity[];
  links: { sighting: S; entityId: string; assignment: EntityAssignment }[];
};

/** Assigns sightings in order of footage time, each to the entities as the ones before left them. Ones at the same instant keep their order. */
export function clusterSightings<S extends Sighting>(
  sightings: readonly S[],
  known: readonly KnownEntity[],
  { threshold, newId }: ClusterOptions,
): Clustered<S> {
  const entities = new Map(known.map((entity) => [entity.id, entity]));
  const links: Clustered<S>['links'] = [];
  for (const sighting of sightings.toSorted((a, b) => a.atMs - b.atMs)) {
    const assignment = assignEntity(sighting, entities.values(), threshold);
    const joined = assignment.kind === 'joined' ? entities.get(assignment.entityId) : undefined;
    const entity =
      joined && assignment.kind === 'joined'
        ? joinSighting(joined, sighting, assignment.uncertain)
        : entityOfSighting(newId(sighting), sighting);
    entities.set(entity.id, entity);
    links.push({ sighting, entityId: entity.id, assignment });
  }
  return { entities: [...entities.values()], links };
}
