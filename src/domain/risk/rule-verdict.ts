import type { Severity } from '../enums.ts';
import type { RiskFactor } from './risk-factor.ts';

/** As stored in `events.flags`. */
export type RiskFlag = { type: string; description: string; severity: 'warning' | 'alert' | 'critical' };

/** As stored in `events.entities`. */
export type RiskEntity = {
  type: 'person' | 'vehicle' | 'bicycle' | 'animal' | 'package' | 'weapon' | 'other';
  description: string;
  threat_level: 'low' | 'medium' | 'high';
};

/** As stored in `events.confidence_factors`. */
export type ConfidenceFactors = {
  detection_quality: 'good' | 'fair' | 'poor';
  weather_impact: 'none' | 'minor' | 'significant';
  enrichment_coverage: 'full' | 'partial' | 'minimal';
};

/** What the rules say of an event. The factors add up to the score. */
export type RuleVerdict = {
  score: number;
  level: Severity;
  factors: RiskFactor[];
  reasoning: string;
  summary: string;
  flags: RiskFlag[];
  recommendedAction: string;
  confidenceFactors: ConfidenceFactors;
  entities: RiskEntity[];
};
