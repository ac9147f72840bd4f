import { stat } from 'node:fs/promises';

import { collectBroken, type FindBroken } from '../../../db/queries/check/broken.ts';
import { findBrokenChains, findWrongAttempts, findWrongJobTimes, findWrongProgress } from '../../../db/queries/check/job-faults.ts';
import { failAbandonedJobs, findAbandonedJobs, readExportFiles, type ExportFileRow } from '../../../db/queries/check/jobs.ts';
import { endStaleRuns, findStaleRuns, streamRunArguments } from '../../../db/queries/check/runs.ts';
import { redact } from '../../../lib/redact.ts';
import type { CheckRule } from '../check-rule.ts';

const findLostExports: FindBroken = async (knex, { limit }) => {
  const broken = collectBroken(limit);
  for (const row of await readExportFiles(knex)) {
    const text = await exportProblem(row);
    if (text !== undefined) broken.add({ where: `export job ${row.id}`, text: `${row.output_path} ${text}` });
  }
  return broken;
};

async function exportProblem({ output_path: path, output_size_bytes: wanted }: ExportFileRow): Promise<string | undefined> {
  try {
    const { size } = await stat(path);
    return size === wanted ? undefined : `has ${String(size)} bytes, not ${String(wanted)}`;
  } catch {
    return 'is not there';
  }
}

/** What would be hidden if it were stored now should have been hidden then. */
const findStoredSecrets: FindBroken = async (knex, { limit }) => {
  const broken = collectBroken(limit);
  for await (const { id, args_json: args } of streamRunArguments(knex)) {
    const names = Object.keys(args).filter((name) => JSON.stringify(args[name]) !== JSON.stringify(hidden(name, args[name])));
    if (names.length > 0) broken.add({ where: `run ${id}`, text: `shows a secret in ${names.join(', ')}` });
  }
  return broken;
};

function hidden(name: string, value: unknown): unknown {
  return (redact({ [name]: value }) as Record<string, unknown>)[name];
}

export const JOB_RULES: readonly CheckRule[] = [
  {
    id: 'J1',
    severity: 'E',
    title: 'A job or export is at 100 % exactly when it is completed.',
    why: 'Who waits for a job looks at that number.',
    find: findWrongProgress,
  },
  {
    id: 'J2',
    severity: 'E',
    title: 'The transitions of a job form a chain from queued to its status.',
    why: 'They are the record of what happened to it: a gap means that something changed the job without saying so.',
    find: findBrokenChains,
  },
  {
    id: 'J3',
    severity: 'W',
    title: 'The attempts of a job are numbered from 1 without a hole up to its own, and one is open exactly while it runs.',
    why: 'Retries count attempts; an attempt that stays open looks like work that nobody ended.',
    find: findWrongAttempts,
  },
  {
    id: 'J4',
    severity: 'E',
    title: 'A running job has a run whose process is there.',
    why: 'It would run for ever in the lists, and never be tried again.',
    find: findAbandonedJobs,
    fix: { does: 'fails the job and ends its dead run', run: failAbandonedJobs },
  },
  {
    id: 'J5',
    severity: 'W',
    title: 'The file of a completed export exists and has its size, unless a later export wrote it anew.',
    why: 'An export that was moved, cut or changed is not what was recorded.',
    find: findLostExports,
  },
  {
    id: 'J6',
    severity: 'W',
    title: 'A job is created, then started, then ended.',
    why: 'How long jobs wait and work is counted from these times.',
    find: findWrongJobTimes,
  },
  {
    id: 'R1',
    severity: 'W',
    title: 'A run without an end has a process that gives signs of life.',
    why: 'A dead run is cleared up by the next command that writes; until then its files and its job wait.',
    find: findStaleRuns,
    fix: { does: 'ends dead runs with exit code 255, gives back their files and fails their jobs', run: endStaleRuns },
  },
  {
    id: 'R2',
    severity: 'E',
    title: 'The recorded arguments of runs hold no secrets.',
    why: 'Everybody who may read the database would know them. Change such a password: the row stays as it is.',
    find: findStoredSecrets,
  },
];
