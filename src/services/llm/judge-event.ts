import type { Knex } from 'knex';

import { findRunningExperiment, type ExperimentRow } from '../../db/models/experiments.ts';
import { findEventPlates } from '../../db/queries/event-crops.ts';
import { armOf } from '../../domain/experiment.ts';
import type { ExperimentArm } from '../../domain/enums.ts';
import type { EventFacts } from '../../domain/risk/event-facts.ts';
import type { RiskThresholds } from '../../domain/risk-level.ts';
import { LlmError } from '../../llm/llm-error.ts';
import type { LlmClient } from '../../llm/llm-client.ts';
import { ffmpegFinder, type DecodeSettings } from '../footage/read-footage-frame.ts';
import { askAboutEvent, type AskOptions } from './ask-about-event.ts';
import { loadEventPrompt, type EventPrompt } from './load-event-prompt.ts';
import { readEventPictures, type EventPicture } from './read-event-pictures.ts';
import { sha256UnitOf } from './sha256-unit.ts';
import type { RuleJudgement, Verdict } from './verdict.ts';

export type JudgeDeps = {
  knex: Knex;
  client: LlmClient;
  /** As configured. */
  model: string;
  /** Tokens of question and answer together. */
  contextTokens: number;
  /** What reading pictures takes. */
  decode: DecodeSettings;
  /** Of the calibration that holds; by default 30, 60, 85. */
  thresholds?: RiskThresholds | undefined;
  /** Asked with instead of the active version; no experiment then. */
  prompt?: EventPrompt | undefined;
  signal: AbortSignal;
};

export type Judge = { judge: (facts: EventFacts, rule: RuleJudgement) => Promise<Verdict> };

type Plan = { experiment: ExperimentRow | undefined; control: EventPrompt; treatment: EventPrompt };

/**
 * Judges events with a language model. The prompt and the experiment are those of the first event, so that a run has one of each.
 * A failure of the server is a verdict; `judge` rejects when the signal is aborted, or the database fails.
 */
export function createJudge(deps: JudgeDeps): Judge {
  let plan: Promise<Plan> | undefined;
  const tools = ffmpegFinder(deps.decode);
  return {
    judge: async (facts, rule) => {
      const { experiment, control, treatment } = await (plan ??= makePlan(deps));
      const seen = await look(deps, facts, tools);
      const ask = (arm: ExperimentArm) =>
        askAboutEvent(facts, rule, {
          ...seen,
          client: deps.client,
          model: deps.model,
          contextTokens: deps.contextTokens,
          thresholds: deps.thresholds,
          signal: deps.signal,
          prompt: arm === 'control' ? control : treatment,
          experiment: experiment === undefined ? null : { id: experiment.id, arm },
        });
      if (experiment === undefined) return { ...(await ask('control')), shadow: null };
      const arm = armOf(sha256UnitOf(experiment.name, facts.event.batchId), experiment.split);
      if (experiment.mode === 'ab' || arm === 'control')
        return { ...(await ask(experiment.mode === 'ab' ? arm : 'control')), shadow: null };
      const verdict = await ask('control');
      return { ...verdict, shadow: await ask('treatment') };
    },
  };
}

async function makePlan({ knex, prompt }: JudgeDeps): Promise<Plan> {
  const experiment = prompt === undefined ? await findRunningExperiment(knex) : undefined;
  if (experiment === undefined) {
    const only = prompt ?? (await loadEventPrompt(knex));
    return { experiment, control: only, treatment: only };
  }
  const { control_version: control, treatment_version: treatment } = experiment;
  return { experiment, control: await loadEventPrompt(knex, control), treatment: await loadEventPrompt(knex, treatment) };
}

/** What of the event's pictures goes into the question. */
async function look(
  { knex, client, signal }: JudgeDeps,
  facts: EventFacts,
  tools: ReturnType<typeof ffmpegFinder>,
): Promise<Pick<AskOptions, 'texts' | 'pictures'>> {
  const plates = await findEventPlates(knex, facts.event.id);
  const texts = plates.map((text) => ({ kind: 'plate' as const, text }));
  return { texts, pictures: (await seesPictures(client, signal)) ? await readPictures() : [] };

  async function readPictures(): Promise<EventPicture[]> {
    return readEventPictures(knex, facts, { tools, signal });
  }
}

/** A server that does not answer is left for the question itself to find out. */
async function seesPictures(client: LlmClient, signal: AbortSignal): Promise<boolean> {
  try {
    return await client.sees(signal);
  } catch (error) {
    if (error instanceof LlmError) return false;
    throw error;
  }
}
