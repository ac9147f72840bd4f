import { DEFAULT_SIMILARITY_THRESHOLD, reaches, similarityOf } from './appearance.ts';
import type { Appearance } from './appearance.ts';

export type MemberGallery = { memberId: number; gallery: readonly Appearance[] };

/** `ambiguous`: like a member, but nearly as much like another one; to be treated as not recognised. */
export type MemberMatch =
  | { kind: 'member'; memberId: number; similarity: number }
  | { kind: 'ambiguous'; memberIds: [best: number, other: number]; similarity: number }
  | { kind: 'none'; similarity: number | null };

/** How much more a person must look like a member than like any other. */
const MIN_LEAD = 0.03;

/** The member a person looks like, by the best picture of each member. */
export function matchMember(
  person: Appearance,
  members: readonly MemberGallery[],
  threshold: number = DEFAULT_SIMILARITY_THRESHOLD,
): MemberMatch {
  const [best, other] = members
    .flatMap((member) => bestOf(person, member))
    .sort((a, b) => b.similarity - a.similarity || a.memberId - b.memberId);
  if (!best || !reaches(best.similarity, threshold)) return { kind: 'none', similarity: best?.similarity ?? null };
  const { memberId, similarity } = best;
  if (!other || reaches(similarity - other.similarity, MIN_LEAD)) return { kind: 'member', memberId, similarity };
  return { kind: 'ambiguous', memberIds: [memberId, other.memberId], similarity };
}

function bestOf(person: Appearance, { memberId, gallery }: MemberGallery): { memberId: number; similarity: number }[] {
  const similarities = gallery.map((picture) => similarityOf(person, picture)).filter((similarity) => similarity !== null);
  return similarities.length > 0 ? [{ memberId, similarity: Math.max(...similarities) }] : [];
}
