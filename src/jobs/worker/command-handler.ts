import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

import { findJob } from '../../db/models/jobs.ts';
import { COMPLETED_CODES, EXIT } from '../../errors/exit-codes.ts';
import { redactText } from '../../lib/redact.ts';
import type { CommandPayload } from './queued-work.ts';
import type { JobHandler } from './worker-context.ts';

/** Which job, and which attempt of it, a command line is run for. */
const ADOPTED_JOB = 'HS_ADOPTED_JOB';
/** Who ordered it: recorded instead of whoever's worker runs it. */
const ACTOR = 'HS_ACTOR';

const STDERR_BYTES = 16_384;
const KILL_AFTER_MS = 10_000;

/** Runs a command line of this program in a process of its own, which keeps the rows of this job instead of making its own. */
export const command: JobHandler = async ({ database, program }, { claim, signal, log }) => {
  const { argv, cwd, actor } = claim.job.payload as CommandPayload;
  if (!existsSync(cwd)) return { kind: 'failed', message: `there is no folder ${cwd} here, in which it was ordered`, again: 'later' };
  const variables = { [ADOPTED_JOB]: `${claim.job.id}/${String(claim.attemptNumber)}`, [ACTOR]: actor };
  const { exitCode, complaint } = await runProgram([program, ...argv], { cwd, signal, variables });
  if (COMPLETED_CODES.some((code) => code === exitCode)) {
    const job = await findJob(database.knex, claim.job.id);
    return { kind: 'done', result: { ...(job?.result as object | null), exit_code: exitCode } };
  }
  log('error', complaint);
  const message = complaint === '' ? `hs ${argv.slice(0, 2).join(' ')} ended with exit code ${String(exitCode)}` : complaint;
  const isPassing = exitCode === null || exitCode === EXIT.temporary || exitCode === EXIT.locked;
  return { kind: 'failed', message, again: isPassing ? 'later' : 'never' };
};

type ProgramOptions = { cwd: string; signal: AbortSignal; variables: Readonly<Record<string, string>> };

async function runProgram(
  args: readonly string[],
  { cwd, signal, variables }: ProgramOptions,
): Promise<{ exitCode: number | null; complaint: string }> {
  // eslint-disable-next-line no-restricted-properties -- handed on as it is: the child reads the same settings
  const env = { ...process.env, ...variables };
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'], windowsHide: true });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-STDERR_BYTES);
  });
  let killer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    child.kill('SIGTERM');
    killer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  };
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject).on('close', resolve);
    });
    return { exitCode, complaint: redactText(complaint.trim()) };
  } finally {
    clearTimeout(killer);
    signal.removeEventListener('abort', stop);
  }
}
