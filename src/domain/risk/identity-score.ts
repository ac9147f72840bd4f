import type { SubjectFacts, SubjectIdentity } from './event-facts.ts';
import type { RiskFactor } from './risk-factor.ts';
import type { RiskPoints, ScoredGroup } from './risk-points.ts';
import { signed } from './risk-words.ts';

type Rules = { group: ScoredGroup; points: RiskPoints };

/** `cap` makes the factor that brings what a subject has by then down to what it may have. */
export type IdentityScore = { factors: RiskFactor[]; cap?: (total: number) => RiskFactor };

type Member = Extract<SubjectIdentity, { kind: 'member' }>;

/** What it means who a subject is, whether it was expected, how often it was seen, and whether it came with a known vehicle (§9.1). */
export function scoreIdentity(subject: SubjectFacts, rules: Rules): IdentityScore {
  const { factors, cap } = identityParts(subject.identity, rules);
  const all = [...factors, ...companionFactor(subject, rules)];
  return cap === undefined ? { factors: all } : { factors: all, cap };
}

function identityParts(identity: SubjectIdentity, rules: Rules): IdentityScore {
  const { points } = rules;
  switch (identity.kind) {
    case 'not_compared':
      return { factors: canBeKnown(rules.group) ? [factor('identity', 0, 'Identity was not checked.')] : [] };
    case 'unknown':
      return { factors: unknownFactors(identity, rules) };
    case 'entity': {
      const worth = points.identity[identity.trust];
      return { factors: [factor('identity', worth, `${identity.name ?? 'Somebody'} recognised (${identity.trust}) (${signed(worth)}).`)] };
    }
    case 'vehicle':
      return vehicleParts(identity, points);
    case 'member':
      return memberParts(identity, points);
  }
}

/** Animals and moving things are nobody. */
function canBeKnown(group: ScoredGroup): boolean {
  return group === 'person' || group === 'vehicle';
}

function unknownFactors(identity: Extract<SubjectIdentity, { kind: 'unknown' }>, { group, points }: Rules): RiskFactor[] {
  const worth = points.identity.unknown;
  const factors = canBeKnown(group) && worth !== 0 ? [factor('identity', worth, `Not recognised (${signed(worth)}).`)] : [];
  const familiar = familiarPoints(identity, points);
  if (familiar !== 0) factors.push(factor('familiar', familiar, `Seen ${String(identity.sightings)} times before (${signed(familiar)}).`));
  return factors;
}

function familiarPoints({ sightings, days }: { sightings: number; days: number }, { familiar }: RiskPoints): number {
  if (sightings >= 20 && days >= 7) return familiar.often;
  return sightings >= 5 && days >= 3 ? familiar.sometimes : 0;
}

function vehicleParts({ description, trusted }: Extract<SubjectIdentity, { kind: 'vehicle' }>, points: RiskPoints): IdentityScore {
  if (!trusted) return { factors: [factor('identity', 0, `${description} recognised (registered, not trusted).`)] };
  return { factors: [], cap: capAt(points.cap.trustedVehicle, `${description} recognised (registered vehicle)`) };
}

function memberParts(member: Member, points: RiskPoints): IdentityScore {
  const { name, trust } = member;
  if (trust === 'monitor') return { factors: [factor('identity', 0, `${name} recognised (monitor).`)] };
  if (trust === 'full') return { factors: [], cap: capAt(capOf(member, points), `${name} recognised (full${scheduleWords(member)})`) };
  const worth = points.identity.partial;
  return { factors: [factor('identity', worth, `${name} recognised (partial) (${signed(worth)}).`), ...scheduleFactor(member, points)] };
}

function capOf({ schedule }: Member, { cap }: RiskPoints): number {
  if (schedule === 'none') return cap.withoutSchedule;
  return schedule === 'inside' ? cap.insideSchedule : cap.outsideSchedule;
}

function scheduleWords({ schedule }: Member): string {
  if (schedule === 'none') return '';
  return schedule === 'inside' ? ', within the usual hours' : ', outside the usual hours';
}

/** Whoever comes to work or to visit is expected at the usual hours; a partly trusted resident is merely there. */
function scheduleFactor({ role, schedule }: Member, points: RiskPoints): RiskFactor[] {
  const { outside, expected } = points.schedule;
  if (schedule === 'outside') return [factor('schedule', outside, `Outside the usual hours (${signed(outside)}).`)];
  const isGuest = role === 'service_worker' || role === 'frequent_visitor';
  return schedule === 'inside' && isGuest ? [factor('schedule', expected, `Expected at this time (${signed(expected)}).`)] : [];
}

function companionFactor({ cameWithVehicle }: SubjectFacts, { group, points }: Rules): RiskFactor[] {
  if (group !== 'person' || cameWithVehicle === null || points.companion === 0) return [];
  return [factor('companion', points.companion, `Came with a registered vehicle (${signed(points.companion)}).`)];
}

function capAt(most: number, who: string): (total: number) => RiskFactor {
  return (total) => {
    const down = Math.min(0, most - total);
    return factor('identity', down, `${who}: at most ${String(most)}${down === 0 ? '' : ` (${signed(down)})`}.`);
  };
}

function factor(id: RiskFactor['id'], points: number, sentence: string): RiskFactor {
  return { id, points, sentence };
}
