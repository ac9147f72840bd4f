import type { Knex } from 'knex';

import { listHouseholds } from '../../db/models/households.ts';
import { listMemberVectors } from '../../db/models/person-embeddings.ts';
import type { MemberGallery } from '../../domain/household/match-member.ts';

/** What the members of all households look like, to one model. */
export async function loadGalleries(knex: Knex, modelId: string): Promise<MemberGallery[]> {
  const galleries = new Map<number, MemberGallery>();
  for (const { id: householdId } of await listHouseholds(knex)) {
    for (const { member_id: memberId, vector } of await listMemberVectors(knex, { householdId, modelId })) {
      const gallery = galleries.get(memberId)?.gallery ?? [];
      galleries.set(memberId, { memberId, gallery: [...gallery, { modelId, vector }] });
    }
  }
  return [...galleries.values()];
}
