/** An event that a rule matches. */
export type AlertCandidate = {
  ruleId: string;
  eventId: number;
  batchId: string;
  dedupKey: string;
  occurredAtMs: number;
  /** 0: nothing is suppressed. */
  cooldownMs: number;
};

/** An alert there is already. */
export type StandingAlert = Omit<AlertCandidate, 'cooldownMs'> & {
  id: string;
  /** Somebody was told, or somebody acted on it: it can no longer be taken back. */
  isFixed: boolean;
};

/** What becomes of the alerts of some events. */
export type AlertPlan = {
  fire: AlertCandidate[];
  /** Stays as it is. */
  keep: { alertId: string; candidate: AlertCandidate }[];
  /** An alert of the same key is near; `by` is its event. */
  suppressed: { candidate: AlertCandidate; by: number }[];
  /** Nobody has been told, and another event fires in its place. */
  withdraw: StandingAlert[];
};

type Moment = Pick<AlertCandidate, 'eventId' | 'batchId' | 'occurredAtMs'>;

/** Footage order; of two events that begin at once the same one is first whatever order they came in. */
export function compareMoments(a: Moment, b: Moment): number {
  return a.occurredAtMs - b.occurredAtMs || (a.batchId < b.batchId ? -1 : Number(a.batchId > b.batchId)) || a.eventId - b.eventId;
}

/** Whether an alert stands in the way of another moment, before or after; a distance equal to the cooldown does not (§10.4). */
export function isInCooldown(alertAtMs: number, atMs: number, cooldownMs: number): boolean {
  return Math.abs(alertAtMs - atMs) < cooldownMs;
}

/**
 * Decides which candidates fire: in footage order each one that no fixed alert and no earlier alert of its rule and key is near. An
 * alert that is not fixed gives way to an earlier one, so that what fires depends on the footage and on what somebody was told, never
 * on the order the footage came in.
 */
export function planAlerts(candidates: readonly AlertCandidate[], standing: readonly StandingAlert[]): AlertPlan {
  const plan: AlertPlan = { fire: [], keep: [], suppressed: [], withdraw: [] };
  const own = new Map(standing.map((alert) => [pairOf(alert), alert]));
  const open = candidates.filter((candidate) => own.get(pairOf(candidate))?.isFixed !== true);
  const redecided = new Set(open.map(pairOf));
  const groups = groupByKey(standing.filter((alert) => !redecided.has(pairOf(alert))));
  for (const candidate of open.toSorted(compareMoments)) {
    const group = groups.get(keyOf(candidate)) ?? new Group();
    groups.set(keyOf(candidate), group);
    decide(candidate, { group, own: own.get(pairOf(candidate)), plan });
  }
  return plan;
}

function decide(candidate: AlertCandidate, { group, own, plan }: { group: Group; own: StandingAlert | undefined; plan: AlertPlan }): void {
  const inTheWay = group.findInTheWay(candidate);
  if (inTheWay !== undefined) {
    plan.suppressed.push({ candidate, by: inTheWay.eventId });
    if (own !== undefined) plan.withdraw.push(own);
    return;
  }
  for (const later of group.takeLater(candidate)) if ('id' in later) plan.withdraw.push(later);
  group.add(candidate);
  const isSame = own?.dedupKey === candidate.dedupKey && own.occurredAtMs === candidate.occurredAtMs;
  if (own !== undefined && isSame) plan.keep.push({ alertId: own.id, candidate });
  else {
    if (own !== undefined) plan.withdraw.push(own);
    plan.fire.push(candidate);
  }
}

/** The alerts of one rule and key, those there are and those to come, in footage order. */
class Group {
  readonly #members: (StandingAlert | AlertCandidate)[] = [];

  add(member: StandingAlert | AlertCandidate): void {
    let at = this.#members.length;
    while (at > 0 && compareMoments(this.#members[at - 1] ?? member, member) > 0) at--;
    this.#members.splice(at, 0, member);
  }

  findInTheWay(candidate: AlertCandidate): StandingAlert | AlertCandidate | undefined {
    return this.#near(candidate).find((one) => isFixed(one) || compareMoments(one, candidate) < 0);
  }

  /** Takes those out that come less than a cooldown later. */
  takeLater(candidate: AlertCandidate): (StandingAlert | AlertCandidate)[] {
    const later = this.#near(candidate).filter((one) => !isFixed(one) && compareMoments(one, candidate) > 0);
    for (const one of later) this.#members.splice(this.#members.indexOf(one), 1);
    return later;
  }

  /** Candidates come in order: what is near is at the end, but for alerts of later footage. */
  #near({ occurredAtMs, cooldownMs }: AlertCandidate): (StandingAlert | AlertCandidate)[] {
    const near: (StandingAlert | AlertCandidate)[] = [];
    for (let at = this.#members.length - 1; at >= 0; at--) {
      const member = this.#members[at];
      if (member === undefined || member.occurredAtMs <= occurredAtMs - cooldownMs) break;
      if (isInCooldown(member.occurredAtMs, occurredAtMs, cooldownMs)) near.unshift(member);
    }
    return near;
  }
}

function isFixed(member: StandingAlert | AlertCandidate): boolean {
  return 'isFixed' in member && member.isFixed;
}

function groupByKey(alerts: readonly StandingAlert[]): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const alert of alerts) {
    const group = groups.get(keyOf(alert)) ?? new Group();
    group.add(alert);
    groups.set(keyOf(alert), group);
  }
  return groups;
}

function keyOf({ ruleId, dedupKey }: Pick<AlertCandidate, 'ruleId' | 'dedupKey'>): string {
  return `${ruleId} ${dedupKey}`;
}

function pairOf({ ruleId, eventId }: Pick<AlertCandidate, 'ruleId' | 'eventId'>): string {
  return `${ruleId} ${String(eventId)}`;
}
