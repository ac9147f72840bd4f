import { centre, distance, type BoxXywh, type Point } from '../box.ts';
import type { Severity, ThreatType } from '../enums.ts';

/** Weaker ones are not believed (§4). */
export const THREAT_GATE = 0.6;

/** What a detector of COCO classes can tell of threats. */
export const COCO_THREATS: ReadonlyMap<string, ThreatType> = new Map([
  ['knife', 'knife'],
  ['baseball bat', 'weapon'],
] satisfies [string, ThreatType][]);

export type SeenThreat = { type: ThreatType; confidence: number; box: BoxXywh };

const SEVERITY_OF_TYPE: Readonly<Record<ThreatType, Severity>> = {
  gun: 'critical',
  knife: 'critical',
  grenade: 'critical',
  explosive: 'critical',
  weapon: 'high',
  other: 'medium',
};

/** The level that its floor of the score has (§9.1); a type without a floor is medium. */
export function severityOfThreat(type: ThreatType): Severity {
  return SEVERITY_OF_TYPE[type];
}

/** By how much of its size a person's box is enlarged on each side: what a hand holds lies beside it. */
export const REACH = 0.25;

/** The box enlarged by a share of its size on each side; it may reach out of the picture. */
export function enlargeBox({ x, y, width, height }: BoxXywh, share: number): BoxXywh {
  return { x: x - width * share, y: y - height * share, width: width * (1 + 2 * share), height: height * (1 + 2 * share) };
}

/**
 * Who has it: the person in whose enlarged box its centre lies; of several the one whose middle is nearest. Undefined when it lies in
 * nobody's reach.
 */
export function holderOf<Person extends { box: BoxXywh }>(threat: BoxXywh, people: readonly Person[]): Person | undefined {
  const middle = centre(threat);
  let holder: Person | undefined;
  let nearest = Infinity;
  for (const person of people) {
    if (!contains(enlargeBox(person.box, REACH), middle)) continue;
    const away = distance(centre(person.box), middle);
    if (away < nearest) [holder, nearest] = [person, away];
  }
  return holder;
}

function contains({ x, y, width, height }: BoxXywh, point: Point): boolean {
  return point.x >= x && point.x <= x + width && point.y >= y && point.y <= y + height;
}
