import { CHANGE_COLUMNS } from './change-columns.ts';
import type { CellValue } from './column.ts';
import { printList } from './print-list.ts';
import { printRecord } from './print-record.ts';
import type { Terminal } from './terminal.ts';

type Outcome = {
  model: string;
  version: number;
  changed: boolean;
  changes: { column: string; from: CellValue; to: CellValue }[];
};

type PrintOptions = { json: boolean; dryRun: boolean; terminal: Terminal; note: (line: string) => void };

const SHOWN_CHARS = 60;

/** What became of a prompt: the columns that changed for people, everything for programs. */
export async function printPromptOutcome(outcome: Outcome, { json, dryRun, terminal, note }: PrintOptions): Promise<void> {
  const { model, version, changed, changes } = outcome;
  if (json) return printRecord({ model, version, changed, changes }, { json, terminal });
  const shown = changes.map(({ column, from, to }) => ({ column, from: cut(from), to: cut(to) }));
  await printList(shown, { columns: CHANGE_COLUMNS, format: 'table', terminal, emptyText: 'unchanged' });
  if (dryRun) note(changed ? `${model} would get version ${String(version)}; nothing was changed` : 'nothing was changed');
  else note(changed ? `version ${String(version)} of ${model} is active` : `version ${String(version)} of ${model} stays active`);
}

function cut(value: CellValue): CellValue {
  return typeof value === 'string' && value.length > SHOWN_CHARS ? `${value.slice(0, SHOWN_CHARS)}…` : value;
}
