import type { DeriveSettings } from '../ingest/derive-changed.ts';
import type { AlertChanges } from './alert-changes.ts';
import type { EventChoice } from './choose-events.ts';
import { toDifference, type EventDifference } from './event-difference.ts';
import { countLevels, type LevelCounts } from './score-new-events.ts';
import type { ScoredEvent } from './score-page.ts';
import type { EventJudge, Scoring, ScoringOptions, ScoringSettings } from './scoring.ts';

export type AnalyzeProgress = { done: number; total: number; startedAtMs: number };

export type AnalyzeOptions = Omit<ScoringOptions, 'settings'> & {
  settings: ScoringSettings & DeriveSettings;
  choice: EventChoice;
  /** Forms the events of the scope anew first, under the settings of now. */
  regroup: boolean;
  /** Whether to tell which events are rated otherwise than before: those are kept in memory. */
  diff: boolean;
  /** Stores nothing; a model is not asked. */
  dryRun: boolean;
  /** At most so many events, the most urgent first. */
  maxEvents?: number | undefined;
  /** No further events are begun after this instant. */
  deadline?: Date | undefined;
  actor: string;
  signal: AbortSignal;
  onProgress: (progress: AnalyzeProgress) => void;
  judge?: EventJudge | undefined;
  /** How many events a model judges at the same time. */
  judgesAtOnce?: number | undefined;
};

export type AnalyzeOutcome = {
  analysed: number;
  /** Events whose row was, or would be, written. */
  changed: number;
  levels: LevelCounts;
  /** Events that a model gave no verdict on. */
  failed: number;
  differences: EventDifference[];
  /** Why work was left, if it was. */
  stoppedBy: 'signal' | 'deadline' | 'limit' | undefined;
};

/** What goes on over one call. */
export type AnalyzeRun = AnalyzeOptions & { scoring: Scoring; outcome: AnalyzeOutcome; startedAtMs: number };

type Beside = { isNew?: ((id: number) => boolean) | undefined; alerts?: AlertChanges | undefined };

/** Adds scored events to what comes out. */
export function take({ outcome, diff }: AnalyzeRun, scored: readonly ScoredEvent[], { isNew, alerts }: Beside = {}): void {
  outcome.analysed += scored.length;
  outcome.changed += scored.filter(({ written }) => written).length;
  countLevels(
    outcome.levels,
    scored.map(({ after }) => after.level),
  );
  if (diff) outcome.differences.push(...scored.flatMap((event) => toDifference(event, isNew?.(event.id) ?? false, alerts?.get(event.id))));
}

/** Whether to begin nothing more; says why in the outcome. */
export function mustStop({ signal, deadline, outcome }: Pick<AnalyzeRun, 'signal' | 'deadline' | 'outcome'>): boolean {
  if (signal.aborted) outcome.stoppedBy = 'signal';
  else if (deadline !== undefined && Date.now() >= deadline.getTime()) outcome.stoppedBy = 'deadline';
  return outcome.stoppedBy !== undefined;
}

/** Whoever names events, or asks for all of them, wants their alerts by the rules of now. */
export function asksAllRules({ choice }: Pick<AnalyzeOptions, 'choice'>): boolean {
  return choice.state === 'all' || choice.ids.length > 0;
}
