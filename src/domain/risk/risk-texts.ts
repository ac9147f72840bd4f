import { cutOctets } from '../cut-octets.ts';
import type { Severity } from '../enums.ts';
import { riskLevel, type RiskThresholds } from '../risk-level.ts';
import type { EventFacts, SubjectIdentity } from './event-facts.ts';
import { countWords, durationWords, preciseClockWords } from './risk-words.ts';
import type { ConfidenceFactors, RiskEntity } from './rule-verdict.ts';
import type { SubjectScore } from './subject-score.ts';

const SUMMARY_OCTETS = 2000;
const MAX_ENTITIES = 20;
const GOOD_SCORE = 0.75;
const FAIR_SCORE = 0.5;

export const RECOMMENDED_ACTIONS: Readonly<Record<Severity, string>> = {
  low: 'No action needed.',
  medium: 'Review when convenient.',
  high: 'Review now.',
  critical: 'Review now and decide whether to call for help.',
};

/** `2 people, 1 car at Front door, zone Porch, 03:00:00–03:02:30.` `lead`: the subject the score is of. */
export function summaryOf({ event, camera, subjects }: EventFacts, lead: SubjectScore | undefined): string {
  const counts = new Map<string, number>();
  for (const { label } of subjects) counts.set(label, (counts.get(label) ?? 0) + 1);
  const ordered = [...counts].sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1));
  const what = ordered.map(([label, count]) => countWords(count, label)).join(', ') || 'Nothing that was followed';
  const zone = lead?.zone ? `, zone ${lead.zone.name}` : '';
  const [from, until] = [event.startedAtMs, event.endedAtMs].map((atMs) => preciseClockWords(atMs, camera.timezone));
  return cutOctets(`${what} at ${camera.name}${zone}, ${from ?? ''}–${until ?? ''}.`, SUMMARY_OCTETS, '…');
}

/** One for each subject, those with most points first. */
export function entitiesOf(scores: readonly SubjectScore[], thresholds: RiskThresholds): RiskEntity[] {
  return scores
    .toSorted((a, b) => b.total - a.total)
    .slice(0, MAX_ENTITIES)
    .map((score) => ({
      type: score.group === 'motion' ? 'other' : score.group,
      description: describe(score),
      threat_level: threatLevel(score, thresholds),
    }));
}

function describe({ subject, zone, stayMs }: SubjectScore): string {
  const where = zone ? ` in zone ${zone.name}` : '';
  const seenMs = Math.max(stayMs, subject.lastSeenMs - subject.firstSeenMs);
  const who = identityWords(subject.identity);
  return `${subject.label}${where}, ${durationWords(seenMs)}${who === null ? '' : `, ${who}`}`;
}

function identityWords(identity: SubjectIdentity): string | null {
  switch (identity.kind) {
    case 'not_compared':
      return null;
    case 'unknown':
      return identity.name ?? 'not recognised';
    case 'entity':
      return `${identity.name ?? 'seen before'} (${identity.trust})`;
    case 'member':
      return `${identity.name} (${identity.trust})`;
    case 'vehicle':
      return identity.description;
  }
}

function threatLevel({ total }: SubjectScore, thresholds: RiskThresholds): RiskEntity['threat_level'] {
  const level = riskLevel(Math.min(100, Math.max(0, total)), thresholds);
  return level === 'critical' ? 'high' : level;
}

/** How much the score can be relied on. */
export function confidenceOf(facts: EventFacts): ConfidenceFactors {
  return { detection_quality: qualityOf(facts), weather_impact: weatherImpact(facts), enrichment_coverage: coverageOf(facts) };
}

function qualityOf({ subjects }: EventFacts): ConfidenceFactors['detection_quality'] {
  const best = Math.max(0, ...subjects.map(({ bestScore }) => bestScore));
  if (best >= GOOD_SCORE) return 'good';
  return best >= FAIR_SCORE ? 'fair' : 'poor';
}

function weatherImpact({ weather }: EventFacts): ConfidenceFactors['weather_impact'] {
  return weather === null || /^(clear|sunny|cloudy|overcast|unknown)$/i.test(weather) ? 'none' : 'minor';
}

function coverageOf({ hasZones, baseline, subjects }: EventFacts): ConfidenceFactors['enrichment_coverage'] {
  const known = [hasZones, baseline !== null, subjects.some(({ identity }) => identity.kind !== 'not_compared')];
  if (known.every(Boolean)) return 'full';
  return known.some(Boolean) ? 'partial' : 'minimal';
}
