import { redactText } from '../lib/redact.ts';
import { toErrorReport, type ErrorReport } from '../errors/to-error-report.ts';
import { visibleText } from './visible-text.ts';

type ErrorStyle = { json: boolean; verbose: boolean; secrets: readonly string[] };

/** The lines that describe an error on stderr: one line and a hint, or with `--json` one object. Secrets never come through. */
export function errorText(error: unknown, style: ErrorStyle): string {
  const report = withoutSecrets(toErrorReport(error), style.secrets);
  if (style.json) {
    const { code, message, hint, exitCode } = report;
    return `${JSON.stringify({ type: 'error', code, message, hint, exit_code: exitCode })}\n`;
  }
  const lines = [`error: ${visibleText(report.message)}`];
  if (report.hint !== undefined) lines.push(`  hint: ${visibleText(report.hint)}`);
  if (style.verbose && report.stack !== undefined) lines.push(report.stack);
  return `${lines.join('\n')}\n`;
}

function withoutSecrets(report: ErrorReport, secrets: readonly string[]): ErrorReport {
  const clear = (text: string): string => redactText(text, secrets);
  return {
    ...report,
    message: clear(report.message),
    hint: report.hint === undefined ? undefined : clear(report.hint),
    stack: report.stack === undefined ? undefined : clear(report.stack),
  };
}
