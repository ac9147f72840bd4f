import type { EventFacts } from './event-facts.ts';

/** The least an event may be scored, and what asks for it. */
export type RiskFloor = { score: number; type: string; confidence: number; kind: 'weapon' | 'violence' };

type Rule = { score: number; from: number; kind: RiskFloor['kind']; pattern: RegExp };

const THREATS: readonly Rule[] = [
  { score: 95, from: 0.6, kind: 'weapon', pattern: /\b(gun|rifle|pistol|handgun|shotgun|firearm|explosive|grenade)\b/ },
  { score: 90, from: 0.6, kind: 'weapon', pattern: /\bknife\b/ },
  { score: 80, from: 0.7, kind: 'violence', pattern: /\bviolence\b/ },
  // What a detector of threats found and has no word for is one all the same.
  { score: 75, from: 0.6, kind: 'weapon', pattern: /^/ },
];

/** Actions are free text, as the model that saw them words them. */
const ACTIONS: readonly Rule[] = [
  {
    score: 80,
    from: 0.7,
    kind: 'violence',
    pattern: /violen|\bfight|\bassault|\battack|\bpunch|\bkicking (a |somebody|someone)|\bhitting/,
  },
  {
    score: 80,
    from: 0.6,
    kind: 'violence',
    pattern: /forced? ?(entry|open)|\bforcing\b|\bbreak(ing)? (in|into|the|a)\b|burglar|\bpry(ing)?\b|lock ?pick/,
  },
];

/** The highest floor of an event (§9.1); null without one. It holds for scores of a language model too, and identity does not lift it. */
export function riskFloor({ threats, actions }: Pick<EventFacts, 'threats' | 'actions'>): RiskFloor | null {
  const found = [
    ...threats.flatMap(({ type, confidence }) => matching(THREATS, { type, confidence })),
    ...actions.flatMap(({ action, confidence }) => matching(ACTIONS, { type: action, confidence })),
  ];
  return found.toSorted((a, b) => b.score - a.score || b.confidence - a.confidence)[0] ?? null;
}

function matching(rules: readonly Rule[], seen: { type: string; confidence: number }): RiskFloor[] {
  const words = seen.type.toLowerCase().replaceAll(/[_\-\s]+/g, ' ');
  const rule = rules.find(({ pattern }) => pattern.test(words));
  return rule && seen.confidence >= rule.from ? [{ score: rule.score, kind: rule.kind, ...seen }] : [];
}
