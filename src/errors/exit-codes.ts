/** Process exit codes of `hs`, the same for every command. */
export const EXIT = {
  ok: 0,
  bug: 1,
  usage: 2,
  someFailed: 3,
  nothingMatched: 4,
  temporary: 5,
  unavailable: 6,
  findings: 7,
  limitReached: 8,
  schema: 10,
  locked: 11,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Files that failed, a limit that was reached or nothing found are results, not failures of a job. */
export const COMPLETED_CODES: readonly ExitCode[] = [EXIT.ok, EXIT.someFailed, EXIT.nothingMatched, EXIT.findings, EXIT.limitReached];

/** Most telling first: a run that ends for several reasons exits with the first of these that applies. */
const PRECEDENCE: readonly ExitCode[] = [130, 143, 2, 10, 11, 6, 1, 5, 8, 3, 7, 4, 0];

export function mostTellingExitCode(codes: Iterable<ExitCode>): ExitCode {
  const given = new Set(codes);
  return PRECEDENCE.find((code) => given.has(code)) ?? EXIT.ok;
}
