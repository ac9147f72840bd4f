import type { Knex } from 'knex';

import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { endExperiment, findExperiment, findRunningExperiment, insertExperiment, type ExperimentRow } from '../../db/models/experiments.ts';
import type { ExperimentMode } from '../../domain/enums.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { checkedName } from '../lists/checked-name.ts';
import { inTransaction } from '../lists/in-transaction.ts';
import { loadEventPrompt } from '../llm/load-event-prompt.ts';
import { toExperimentRecord, type ExperimentRecord } from './experiment-record.ts';
import { getExperiment } from './get-experiment.ts';

type Act = { actor: string; /** Everything is checked, nothing is kept. */ dryRun: boolean };

export type StartExperimentOptions = Act & {
  name: string;
  mode: ExperimentMode;
  /** By default the active version. */
  control?: number | undefined;
  treatment: number;
  /** By default half of the events, in shadow mode all. */
  split?: number | undefined;
};

/** Begins to try two versions of the prompt of events. Throws a usage error for versions that are not there, and while another one runs. */
export async function startExperiment(knex: Knex, options: StartExperimentOptions): Promise<ExperimentRecord> {
  const { mode, treatment, actor, split = mode === 'ab' ? 0.5 : 1 } = options;
  const name = checkedName(options.name, 'an experiment');
  if (!(split > 0 && split <= 1)) throw new UsageError('--split is not above 0 and at most 1');
  return inTransaction(knex, options, async (trx) => {
    const control = (await loadEventPrompt(trx, options.control)).version;
    await loadEventPrompt(trx, treatment);
    if (control === treatment) throw new UsageError(`control and treatment are both version ${String(control)}`);
    await assertFree(trx, name);
    const row = await insertExperiment(trx, {
      name,
      control_version: control,
      treatment_version: treatment,
      split,
      mode,
      created_by: actor.slice(0, 100),
    });
    await audit(trx, { row, actor, details: { started: { name, control, treatment, split, mode } } });
    return toExperimentRecord(row);
  });
}

async function assertFree(trx: Knex.Transaction, name: string): Promise<void> {
  await trx.raw('LOCK TABLE experiments IN SHARE ROW EXCLUSIVE MODE'); // two that start at once
  const running = await findRunningExperiment(trx);
  if (running !== undefined) {
    throw new UsageError(`the experiment ${running.name} is running`, {
      code: 'experiment_running',
      hint: 'an event has one score, so there is one at a time: `hs experiments stop` ends it',
    });
  }
  if ((await findExperiment(trx, name)) !== undefined) {
    throw new UsageError(`there was an experiment ${JSON.stringify(name)} before`, { code: 'name_taken', hint: 'give another name' });
  }
}

/** Ends an experiment, by default the one that runs; its results stay. Throws a usage error when it is not running. */
export async function stopExperiment(knex: Knex, options: Act & { name?: string | undefined }): Promise<ExperimentRecord> {
  return inTransaction(knex, options, async (trx) => {
    const found = options.name === undefined ? await findRunningExperiment(trx) : await getExperiment(trx, options.name);
    const row = found === undefined ? undefined : await endExperiment(trx, found.id);
    if (row === undefined)
      throw new UsageError(found === undefined ? 'no experiment is running' : `the experiment ${found.name} ended before`);
    await audit(trx, { row, actor: options.actor, details: { stopped: { name: row.name } } });
    return toExperimentRecord(row);
  });
}

async function audit(
  trx: Knex.Transaction,
  { row, actor, details }: { row: ExperimentRow; actor: string; details: object },
): Promise<void> {
  await insertAuditLog(trx, {
    action: 'settings_changed',
    resource_type: 'experiment',
    resource_id: String(row.id),
    actor,
    details: { ...details },
  });
}
