import type { Knex } from 'knex';

import { absolutePathOf, type HostileInput } from './hostile-input.ts';
import type { HostileTree } from './hostile-tree.ts';

type Problem = { path: string; code: string };

/** What became of each input: `in`, a code, or `ignored` when neither the ledger nor the report names it. */
export async function outcomesOf(tree: HostileTree, knex: Knex, problems: readonly Problem[]): Promise<Map<HostileInput, string>> {
  const rows = await knex('media_files').select<{ path: string; status: string; failure_code: string | null }[]>(
    'path',
    'status',
    'failure_code',
  );
  const stored = new Map(rows.map((row) => [row.path, row.status === 'done' ? 'in' : (row.failure_code ?? row.status)]));
  const reported = new Map(problems.map((problem) => [problem.path, problem.code]));
  const longest = problems.find((problem) => problem.code === 'path_too_long')?.path;
  return new Map(
    tree.inputs.map((input) => {
      const path = shownPath(absolutePathOf(tree.root, input));
      // What lies below a folder that is too deep is spoken for by that folder.
      const spokenFor = longest !== undefined && path.startsWith(`${longest}/`) ? 'path_too_long' : 'ignored';
      return [input, stored.get(path) ?? reported.get(path) ?? spokenFor];
    }),
  );
}

/** As the program names it: bytes of a name that is not valid UTF-8 are escaped. */
export function shownPath(path: string | Buffer): string {
  if (typeof path === 'string') return path;
  const slash = path.lastIndexOf(0x2f);
  const name = Array.from(path.subarray(slash + 1), (byte) =>
    byte >= 0x20 && byte < 0x7f && byte !== 0x5c ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`,
  );
  return `${path.subarray(0, slash + 1).toString()}${name.join('')}`;
}

export function isExpected(input: HostileInput, outcome: string): boolean {
  return input.outcomes.includes(outcome) || (input.outcomes.includes('listed') && outcome !== 'ignored');
}

export function nameOf(input: HostileInput): string {
  const path = typeof input.path === 'string' ? input.path : input.path.toString('latin1');
  return JSON.stringify(path.length > 90 ? `${path.slice(0, 60)}…${path.slice(-20)}` : path);
}
