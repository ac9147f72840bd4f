import type { AnomalyBasis, AnomalyNumbers } from '../../db/models/event-anomalies.ts';
import { anomalyLevel, type AnomalyLevel } from '../../domain/baselines/anomaly.ts';
import type { ExportValue } from '../../exporters/export-record.ts';

const WORDS: Readonly<Record<AnomalyLevel, string>> = {
  usual: 'usual',
  between: 'neither usual nor unusual',
  unusual: 'unusual',
  very_unusual: 'very unusual',
};

/** `0.9720 unusual: 2 person, 0.23 expected · 2 in all, 0.41 expected (27 such hours known)` */
export function anomalyText(score: ExportValue, basis: AnomalyBasis | null): string {
  if (typeof score !== 'number' || basis === null) return 'not enough history';
  const classes = Object.entries(basis.classes).map(([label, numbers]) => expectation(label, numbers));
  const parts = [...classes, expectation('in all', basis.activity)].join(' · ');
  return `${score.toFixed(4)} ${WORDS[anomalyLevel(score)]}: ${parts} (${String(basis.samples)} such hours known)`;
}

/** `a` tracks in `b` hours; both begin at one half, so that little history expects a little of everything. */
function expectation(what: string, { k, a, b }: AnomalyNumbers): string {
  return `${String(k)} ${what}, ${(a / b).toFixed(2)} expected`;
}
