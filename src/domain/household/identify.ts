import { assignEntity, entityOfSighting, joinSighting, recencyMs } from './assign-entity.ts';
import type { KnownEntity, Sighting } from './assign-entity.ts';
import { matchMember } from './match-member.ts';
import type { MemberGallery } from './match-member.ts';

/** `pinnedTo`: the entity a user said it is. */
export type IdentifiableSighting = Sighting & { pinnedTo?: string | null };

/** `similarity` is null for the first sighting of an entity and for pinned ones. */
export type Identity =
  | { kind: 'member'; memberId: number; similarity: number }
  | { kind: 'entity'; entityId: string; similarity: number | null; uncertain: boolean };

export type IdentifierOptions = {
  members: readonly MemberGallery[];
  /** Entities from before, of which some may be seen again. */
  known?: readonly KnownEntity[];
  threshold: number;
  newId: () => string;
};

export type Identifier = {
  /** Sightings must come in order of footage time. */
  identify(sighting: IdentifiableSighting): Identity;
  /** Every entity there was or is, as the sightings left it. */
  entities(): KnownEntity[];
};

const LOOK_MS = 3_600_000;

/**
 * Says of one sighting after the other who it is: what a user said, else the household member, else the entity it looks like, else a new
 * one. A sighting is compared with the entities seen lately alone, so the time for it does not grow with the store; what is kept of
 * the others is one float32 vector each.
 */
export function createIdentifier({ members, known = [], threshold, newId }: IdentifierOptions): Identifier {
  const entities = new Map(known.map((entity) => [entity.id, entity]));
  const recent = new Set(entities.keys());
  let lookedAtMs = -Infinity;

  function forgetOld(nowMs: number): void {
    if (nowMs - lookedAtMs < LOOK_MS) return;
    lookedAtMs = nowMs;
    for (const entity of recentEntities()) {
      if (nowMs - entity.lastSeenMs <= recencyMs(entity.type)) continue;
      recent.delete(entity.id);
      entities.set(entity.id, { ...entity, vector: Float32Array.from(entity.vector) });
    }
  }

  function* recentEntities(): Generator<KnownEntity> {
    for (const id of recent) {
      const entity = entities.get(id);
      if (entity) yield entity;
    }
  }

  function put(entity: KnownEntity): void {
    entities.set(entity.id, entity);
    recent.add(entity.id);
  }

  function joinOrBegin(id: string, sighting: Sighting, uncertain: boolean): void {
    const entity = entities.get(id);
    put(entity ? joinSighting(entity, sighting, uncertain) : entityOfSighting(id, sighting));
  }

  return {
    identify(sighting) {
      forgetOld(sighting.atMs);
      if (typeof sighting.pinnedTo === 'string') {
        joinOrBegin(sighting.pinnedTo, sighting, false);
        return { kind: 'entity', entityId: sighting.pinnedTo, similarity: null, uncertain: false };
      }
      const member = sighting.type === 'person' ? matchMember(sighting, members, threshold) : null;
      if (member?.kind === 'member') return { kind: 'member', memberId: member.memberId, similarity: member.similarity };
      const assignment = assignEntity(sighting, recentEntities(), threshold);
      const entityId = assignment.kind === 'joined' ? assignment.entityId : newId();
      const uncertain = assignment.kind === 'joined' && assignment.uncertain;
      joinOrBegin(entityId, sighting, uncertain);
      return { kind: 'entity', entityId, similarity: assignment.kind === 'joined' ? assignment.similarity : null, uncertain };
    },
    entities: () => [...entities.values()],
  };
}
