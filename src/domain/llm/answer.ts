export const ANSWER_ENTITY_TYPES = ['person', 'vehicle', 'bicycle', 'animal', 'package', 'weapon', 'other'] as const;
export const ANSWER_THREAT_LEVELS = ['low', 'medium', 'high'] as const;
export const ANSWER_FLAG_SEVERITIES = ['warning', 'alert', 'critical'] as const;
export const DETECTION_QUALITIES = ['good', 'fair', 'poor'] as const;
export const WEATHER_IMPACTS = ['none', 'minor', 'significant'] as const;
export const ENRICHMENT_COVERAGES = ['full', 'partial', 'minimal'] as const;

/** Most characters and items of what a model answers. */
export const ANSWER_LIMITS = {
  summary: 300,
  reasoning: 4000,
  entities: 20,
  flags: 20,
  flagType: 40,
  description: 200,
  recommendedAction: 300,
} as const;

export type AnswerEntity = {
  type: (typeof ANSWER_ENTITY_TYPES)[number];
  description: string;
  threat_level: (typeof ANSWER_THREAT_LEVELS)[number];
};

export type AnswerFlag = { type: string; description: string; severity: (typeof ANSWER_FLAG_SEVERITIES)[number] };

export type ConfidenceFactors = {
  detection_quality: (typeof DETECTION_QUALITIES)[number];
  weather_impact: (typeof WEATHER_IMPACTS)[number];
  enrichment_coverage: (typeof ENRICHMENT_COVERAGES)[number];
};

/** What a model has to answer about an event, as it writes it. */
export type LlmAnswer = {
  risk_score: number;
  summary: string;
  reasoning: string;
  entities: AnswerEntity[];
  flags: AnswerFlag[];
  recommended_action: string;
  confidence_factors: ConfidenceFactors;
};
