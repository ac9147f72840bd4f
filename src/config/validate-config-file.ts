import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { findProblems } from './check-settings.ts';
import { setPath } from './load-settings.ts';
import { readText } from './read-config-file.ts';
import { readVariables, type Environment } from './read-variables.ts';
import { settingsFile, toSettings, type Settings } from './settings.ts';

/** Something wrong in a configuration file; line and column count from 1. */
export type ConfigProblem = { line: number | null; column: number | null; key: string | null; problem: string; hint: string | null };

/** A check that needs more than the schema; told only about files that are right so far. */
type FurtherCheck = (settings: Settings) => { keys: readonly string[]; problem: string }[];

type Place = Pick<ConfigProblem, 'line' | 'column'>;

/** Every problem of a file, by line. Throws `UsageError` for a file that cannot be read. Never quotes a line: it may hold a password. */
export function validateConfigFile(path: string, furtherCheck: FurtherCheck): ConfigProblem[] {
  const lines = new LineCounter();
  const document = parseDocument(readText(path), { lineCounter: lines, prettyErrors: false });
  const placeAt = (offset: number | undefined): Place => {
    if (offset === undefined) return { line: null, column: null };
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  if (document.errors.length > 0)
    return document.errors.map(({ code, pos: [offset] }) => problem(placeAt(offset), { text: syntaxText(code) }));
  const values: unknown = document.toJS() ?? {};
  if (typeof values !== 'object' || Array.isArray(values)) return [problem(placeAt(0), { text: 'the file must hold keys and values' })];
  const found = checkValues(values as Record<string, unknown>, furtherCheck).map((check) =>
    problem(placeAt(offsetOf(document, check.keys, check.isUnknownKey)), check),
  );
  return found.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}

/** What is wrong with the settings that variables give; they have no line. */
export function validateVariables(env: Environment): ConfigProblem[] {
  const given = readVariables(env);
  const values: Record<string, unknown> = {};
  for (const { path, value } of given) setPath(values, path.split('.'), value);
  return checkValues(values, () => []).map((check) => {
    const found = problem({ line: null, column: null }, check);
    return { ...found, hint: `set by ${given.findLast(({ path }) => path === found.key)?.origin ?? 'a variable'}` };
  });
}

type Check = { keys: readonly PropertyKey[]; text: string; meant?: string | undefined; isUnknownKey: boolean };

function checkValues(values: Record<string, unknown>, furtherCheck: FurtherCheck): Check[] {
  const complete = { home: '/', ...values };
  const problems = findProblems(complete);
  if (problems.length === 0) {
    const further = furtherCheck(toSettings(settingsFile.parse(complete)));
    return further.map(({ keys, problem: text }) => ({ keys, text, isUnknownKey: false }));
  }
  return problems.map(({ shown, reason, ...rest }) => ({ ...rest, text: `${shown.replace(/^ = /, '')} ${reason}`.trim() }));
}

function problem(place: Place, check: { keys?: readonly PropertyKey[]; text: string; meant?: string | undefined }): ConfigProblem {
  const key = check.keys?.map(String).join('.') ?? null;
  return { ...place, key, problem: check.text, hint: check.meant === undefined ? null : `did you mean ${check.meant}?` };
}

function syntaxText(code: string): string {
  return `not valid YAML: ${code.toLowerCase().replaceAll('_', ' ')}`;
}

/** Where a key (or its value) stands, else what holds it. */
function offsetOf(document: Document, keys: readonly PropertyKey[], wantsKey: boolean): number | undefined {
  for (let depth = keys.length; depth > 0; depth--) {
    const path = keys.slice(0, depth);
    if (wantsKey || depth < keys.length) {
      const offset = keyOffset(document, path);
      if (offset !== undefined) return offset;
    }
    const node = document.getIn(path, true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return undefined;
}

function keyOffset(document: Document, path: readonly PropertyKey[]): number | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(path.at(-1)));
  return isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
}
