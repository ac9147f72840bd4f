import { SEVERITIES, type Severity } from './enums.ts';

/** What a script may want to hear of by exit code 7 (§11). */
export type FindingKind = 'alert' | 'gap' | 'tamper' | `level=${Severity}`;

const PLAIN = ['alert', 'gap', 'tamper'] as const;

/** Undefined for a text that names none. */
export function parseFindingKind(text: string): FindingKind | undefined {
  const known: readonly FindingKind[] = [...PLAIN, ...SEVERITIES.map((level) => `level=${level}` as const)];
  return known.find((kind) => kind === text.toLowerCase());
}

/** Levels that are as bad as the one in `level=L`, or worse; none for another kind. */
export function levelsOfFinding(kind: FindingKind): Severity[] {
  const from = SEVERITIES.findIndex((level) => kind === `level=${level}`);
  return from < 0 ? [] : SEVERITIES.slice(from);
}
