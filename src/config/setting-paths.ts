import { z } from 'zod';
import { settingsFile } from './settings.ts';

type SettingPath = { path: string; kind: 'number' | 'boolean' | 'list' | 'text' };

type Wrapped = { unwrap: () => z.ZodType };

/** Every key that holds one value or a plain list, e.g. `time.floor`: what a variable or a flag can set. */
export function settingPaths(): SettingPath[] {
  return leaves(settingsFile, '');
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
  if (inner instanceof z.ZodObject) return (inner.shape as Record<PropertyKey, z.ZodType | undefined>)[key];
  if (inner instanceof z.ZodRecord) return inner.valueType as z.ZodType;
  if (inner instanceof z.ZodArray) return inner.element as z.ZodType;
  return undefined;
}

function leaves(schema: z.ZodType, path: string): SettingPath[] {
  const inner = bare(schema);
  if (inner instanceof z.ZodObject) {
    const shape = inner.shape as Record<string, z.ZodType>;
    return Object.entries(shape).flatMap(([key, child]) => leaves(child, path === '' ? key : `${path}.${key}`));
  }
  const kind = kindOf(inner);
  return kind === undefined ? [] : [{ path, kind }];
}

function kindOf(schema: z.ZodType): SettingPath['kind'] | undefined {
  if (schema instanceof z.ZodRecord) return undefined;
  if (schema instanceof z.ZodArray) return bare(schema.element as z.ZodType) instanceof z.ZodObject ? undefined : 'list';
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
