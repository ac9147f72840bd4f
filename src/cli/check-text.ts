import type { Terminal } from './terminal.ts';
import { visibleText } from './visible-text.ts';
import { wrapText } from './wrap-text.ts';

type Severity = 'E' | 'W' | 'I';
type Rule = {
  id: string;
  severity: Severity;
  title: string;
  why: string;
  effort?: 'deep' | 'files';
  isBounded?: true;
  fix?: { does: string };
};

type Outcome = {
  rule: Rule;
  count: number;
  places: readonly { where: string; text: string }[];
  fixed: number;
  remaining: number;
  problem: string | null;
};

type Closing = {
  summary: { held: number; errors: number; warnings: number; notes: number; fixed: number };
  since: Date | null;
  skipped: readonly Rule[];
};

const STYLE = { E: 'red', W: 'yellow', I: 'dim' } as const;
const INDENT = '       ';
const READABLE_WIDTH = 100;

/** One rule that does not hold: the rule, how often, the first places, what can be done. */
export function checkOutcomeText({ rule, count, places, fixed, remaining, problem }: Outcome, terminal: Terminal): string {
  const times = count === 0 ? '' : ` (${String(count)})`;
  const lines = [
    `${ruleHead(rule, terminal)}  ${rule.title}${times}`,
    ...places.map(({ where, text }) => INDENT + visibleText(`${where}: ${text}`)),
    ...(count > places.length && places.length > 0 ? [`${INDENT}… and ${String(count - places.length)} more`] : []),
    ...(problem === null ? [] : [INDENT + visibleText(problem)]),
    ...outlook({ rule, count, fixed, remaining }),
  ];
  return lines.join('\n');
}

function outlook({ rule, count, fixed, remaining }: Pick<Outcome, 'rule' | 'count' | 'fixed' | 'remaining'>): string[] {
  if (fixed > 0) return [`${INDENT}→ put right: ${String(fixed)}${remaining > 0 ? `, still wrong: ${String(remaining)}` : ''}`];
  return rule.fix !== undefined && count > 0 ? [`${INDENT}→ hs check --fix ${rule.fix.does}`] : [];
}

function ruleHead({ id, severity }: Rule, terminal: Terminal): string {
  return `${terminal.style(STYLE[severity], severity)}  ${id.padEnd(2)}`;
}

/** What was looked at and what came of it. */
export function checkSummaryText({ summary, since, skipped }: Closing): string {
  const { held, errors, warnings, notes, fixed } = summary;
  const counts = [
    `${String(held)} ${held === 1 ? 'rule holds' : 'rules hold'}`,
    ...counted(errors, 'error'),
    ...counted(warnings, 'warning'),
    ...counted(notes, 'note'),
  ];
  const lines = [counts.join(', ') + (fixed > 0 ? `; ${String(fixed)} put right` : '')];
  if (since !== null)
    lines.push(`of detections, tracks and events footage since ${since.toISOString().slice(0, 10)} was looked at; --deep looks at all`);
  const left = (['deep', 'files'] as const).flatMap((effort) => idsWith(skipped, effort));
  if (left.length > 0) lines.push(`not looked at: ${left.join('; ')}`);
  return lines.join('\n');
}

function counted(count: number, word: string): string[] {
  return count === 0 ? [] : [`${String(count)} ${word}${count === 1 ? '' : 's'}`];
}

function idsWith(rules: readonly Rule[], effort: 'deep' | 'files'): string[] {
  const ids = rules.filter((rule) => rule.effort === effort).map((rule) => rule.id);
  return ids.length === 0 ? [] : [`${ids.join(', ')} (--${effort})`];
}

/** What a rule says, why, and what is done about it. */
export function ruleExplanationText(rule: Rule, terminal: Terminal): string {
  const width = Math.min(terminal.width, READABLE_WIDTH) - INDENT.length;
  const details = [
    rule.why,
    effortText(rule),
    rule.fix === undefined ? 'There is no fix: look at the rows named.' : `--fix ${rule.fix.does}.`,
  ];
  const [first = '', ...more] = wrapText(rule.title, width);
  const rest = details.flatMap((text) => (text === '' ? [] : wrapText(text, width)));
  return [`${ruleHead(rule, terminal)}  ${terminal.style('bold', first)}`, ...[...more, ...rest].map((line) => INDENT + line)].join('\n');
}

function effortText({ effort, isBounded }: Rule): string {
  if (effort !== undefined) return `Looked at with --${effort}, or when named.`;
  return isBounded === true ? 'Looks at the newest month of footage; at all of it with --deep.' : '';
}
