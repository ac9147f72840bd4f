import { TemporaryError, UsageError } from '../../errors/hs-error.ts';
import type { StructuredLevel } from '../../llm/chat-body.ts';
import { LlmError } from '../../llm/llm-error.ts';
import { hasLlm, openLlm, type LlmSettings } from '../llm/open-llm.ts';
import { failed, ok, warn, type DoctorLine } from './doctor-line.ts';

/** Nobody waits for the deadline of an event here. */
const PATIENCE = { deadlineMs: 30_000, answerTimeoutMs: 30_000 };

const HOW: Readonly<Record<StructuredLevel, string>> = {
  json_schema: 'held to the form of an answer by the server (json_schema)',
  json_object: 'held to JSON by the server, to its form by the prompt (json_object)',
  text: 'asked for JSON by the prompt only (text)',
};

/** Whether the language model answers, how fast, how it is held to the form of an answer, and whether it sees. */
export async function checkLlm(settings: LlmSettings, signal: AbortSignal): Promise<DoctorLine> {
  if (!hasLlm(settings)) {
    return warn('llm', 'no language model is set up: events are judged by rules', 'set llm.base_url and llm.model for one');
  }
  const where = settings.baseUrl ?? '';
  try {
    const { client, model } = await openLlm(settings, PATIENCE);
    const startedMs = performance.now();
    const structured = await client.probe(signal);
    const latencyMs = structured.latencyMs || performance.now() - startedMs;
    const sees = (await client.sees(signal)) ? 'sees pictures' : settings.vision === 'off' ? 'pictures are not sent' : 'does not see';
    const name = structured.model || model;
    return ok('llm', `${name} at ${where}: answers in ${latencyMs.toFixed(0)} ms, ${HOW[structured.level]}, ${sees}`);
  } catch (error) {
    return failed('llm', error instanceof LlmError ? toHsError(error, where) : error);
  }
}

function toHsError({ failure, message, details: { status } }: LlmError, where: string): Error {
  const said = `${where}: ${message}`;
  if (failure === 'llm_refused') return new UsageError(said, { code: failure, hint: 'check llm.api_key or llm.api_key_file' });
  if (status === 404) return new UsageError(said, { code: failure, hint: 'check llm.base_url and llm.model' });
  return new TemporaryError(failure, said, {
    hint: 'check that the server runs and has loaded its model; events keep their score by rules',
  });
}
