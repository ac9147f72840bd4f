import { alertsText, type RunAlerts } from './alerts-text.ts';

type Outcome = {
  analysed: number;
  changed: number;
  levels: Readonly<Record<'low' | 'medium' | 'high' | 'critical', number>>;
  failed: number;
  stoppedBy: string | undefined;
  alerts?: RunAlerts | undefined;
};

/** `12 events scored: 1 critical, 2 high, 9 low; 3 of them changed` */
export function analysisLine({ analysed, changed, levels, failed, stoppedBy, alerts }: Outcome, { dryRun }: { dryRun: boolean }): string {
  const shown = (['critical', 'high', 'medium', 'low'] as const)
    .filter((level) => levels[level] > 0)
    .map((level) => `${String(levels[level])} ${level}`);
  const what = `${String(analysed)} ${analysed === 1 ? 'event' : 'events'} ${dryRun ? 'looked at' : 'scored'}`;
  const parts = [shown.length === 0 ? what : `${what}: ${shown.join(', ')}`, `${String(changed)} ${dryRun ? 'would change' : 'written'}`];
  if (failed > 0) parts.push(`${String(failed)} without the verdict of a model`);
  const told = alerts && alertsText(alerts);
  if (told !== undefined) parts.push(`alerts: ${told}`);
  if (stoppedBy !== undefined) parts.push('work is left: the same command goes on with it');
  if (dryRun) parts.push('nothing was changed');
  return parts.join('; ');
}
