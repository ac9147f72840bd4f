import { scoreNewEvents } from '../../services/analysis/score-new-events.ts';
import { settleBeside } from '../../services/alerts/settle-alerts.ts';
import { hasLlm } from '../../services/llm/open-llm.ts';
import { deliverAlerts } from '../../services/notifications/deliver-alerts.ts';
import { alertJob } from './queued-work.ts';
import type { JobHandler } from './worker-context.ts';

/** Rates new events by rules and raises their alerts; a model, where one is set up, judges them in `hs analyze`. */
export const risk: JobHandler = async ({ database, settings, runId }, { signal }) => {
  const { result, alerts } = await settleBeside(database.knex, { zones: settings, signal }, () =>
    scoreNewEvents(database.knex, { settings, runId, signal, waitsForModel: hasLlm(settings.llm) }),
  );
  const hasChannels = Object.keys(settings.notifications.channels).length > 0;
  return { kind: 'done', result: { scored: result, alerts }, next: hasChannels ? [alertJob()] : [] };
};

/** Tells of alerts; what a channel did not take is told by a later attempt. */
export const alert: JobHandler = async ({ database, settings }, { signal }) => {
  const told = await deliverAlerts(database, { settings, signal });
  if (told.failed > 0) return { kind: 'failed', message: `${String(told.failed)} alerts could not be told`, again: 'later' };
  return { kind: 'done', result: told };
};
