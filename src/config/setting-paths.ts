import { z } from 'zod';
import { settingsFile } from './settings.ts';

/** How the text of a flag or variable becomes the value of a key; a structure cannot be given as one. */
export type SettingKind = 'number' | 'boolean' | 'list' | 'text';

type SettingPath = { path: string; kind: SettingKind };

type Leaf = { keys: string[]; kind: SettingKind | 'structure' };

/** The names that the user chose below a path, e.g. those of cameras. */
type NamesAt = (keys: readonly string[]) => readonly string[];

type Wrapped = { unwrap: () => z.ZodType };

/** Every key that holds one value or a plain list, e.g. `time.floor`: what a variable or a flag can set. */
export function settingPaths(): SettingPath[] {
  return leaves(settingsFile, [], () => []).flatMap(({ keys, kind }) => (kind === 'structure' ? [] : [{ path: keys.join('.'), kind }]));
}

/** The same with keys below names of the user's choice and lists of structures, in the order of the schema. */
export function settingLeaves(namesAt: NamesAt): Leaf[] {
  return leaves(settingsFile, [], namesAt);
}

/** What may stand at a path: a value of that kind, further keys, or nothing that is known. */
export function kindAt(keys: readonly string[]): Leaf['kind'] | 'section' | undefined {
  const schema = keys.reduce<z.ZodType | undefined>(step, settingsFile);
  const inner = schema === undefined ? undefined : bare(schema);
  if (inner === undefined) return undefined;
  return inner instanceof z.ZodObject || inner instanceof z.ZodRecord ? 'section' : kindOf(inner);
}

/** Names that may stand at `path` (`[]` = top level), or `[]` where the user chooses the names. */
export function knownKeysAt(path: readonly PropertyKey[]): string[] {
  const schema = path.reduce<z.ZodType | undefined>(step, settingsFile);
  const inner = schema === undefined ? undefined : bare(schema);
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

/** `time.max_future_s` → `HS_TIME_MAX_FUTURE_S`. */
export function variableOf(path: string): string {
  return `HS_${path.replaceAll('.', '_').toUpperCase()}`;
}

function step(schema: z.ZodType | undefined, key: PropertyKey): z.ZodType | undefined {
  const inner = schema === undefined ? undefined : bare(schema);
  if (inner instanceof z.ZodObject) {
    const shape = inner.shape as Record<PropertyKey, z.ZodType | undefined>;
    return Object.hasOwn(shape, key) ? shape[key] : undefined;
  }
  if (inner instanceof z.ZodRecord) return inner.valueType as z.ZodType;
  if (inner instanceof z.ZodArray) return inner.element as z.ZodType;
  return undefined;
}

function leaves(schema: z.ZodType, keys: string[], namesAt: NamesAt): Leaf[] {
  const inner = bare(schema);
  if (inner instanceof z.ZodObject) {
    const shape = inner.shape as Record<string, z.ZodType>;
    return Object.entries(shape).flatMap(([key, child]) => leaves(child, [...keys, key], namesAt));
  }
  if (inner instanceof z.ZodRecord) {
    return namesAt(keys).flatMap((name) => leaves(inner.valueType as z.ZodType, [...keys, name], namesAt));
  }
  return [{ keys, kind: kindOf(inner) }];
}

function kindOf(schema: z.ZodType): Leaf['kind'] {
  if (schema instanceof z.ZodArray) return bare(schema.element as z.ZodType) instanceof z.ZodObject ? 'structure' : 'list';
  if (schema instanceof z.ZodNumber) return 'number';
  return schema instanceof z.ZodBoolean ? 'boolean' : 'text';
}

function bare(schema: z.ZodType): z.ZodType {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault) {
    inner = (inner as unknown as Wrapped).unwrap();
  }
  return inner;
}
