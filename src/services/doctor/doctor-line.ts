import type { ExitCode } from '../../errors/exit-codes.ts';
import { toErrorReport } from '../../errors/to-error-report.ts';

/** What a check is about; `--require` names some of them. */
export type DoctorTopic = 'database' | 'disk' | 'ffmpeg' | 'model' | 'device' | 'gpu' | 'timezone' | 'llm' | 'threats' | 'faces' | 'plates';

/** One finding. `exitCode` is what a failed one ends the command with. */
export type DoctorLine =
  | { check: DoctorTopic; status: 'ok'; message: string; hint: string | null }
  | { check: DoctorTopic; status: 'warn'; message: string; hint: string | null }
  | { check: DoctorTopic; status: 'fail'; message: string; hint: string | null; exitCode: ExitCode };

export function ok(check: DoctorTopic, message: string): DoctorLine {
  return { check, status: 'ok', message, hint: null };
}

export function warn(check: DoctorTopic, message: string, hint: string): DoctorLine {
  return { check, status: 'warn', message, hint };
}

/** A check that an error ended: the error's own words and exit code. */
export function failed(check: DoctorTopic, error: unknown): DoctorLine {
  const { message, hint, exitCode } = toErrorReport(error);
  return { check, status: 'fail', message, hint: hint ?? null, exitCode };
}
