import { parse, stringify } from 'yaml';
import { z } from 'zod';
import type { AlertRuleRow } from '../../db/models/alert-rules.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { checkedName } from '../lists/checked-name.ts';
import type { RuleChanges } from './rule-changes.ts';

/** Form of the file: `{schema: hs-rules, schema_version: 1, rules: [{name, …}]}`, as YAML or JSON. */
const SCHEMA = 'hs-rules';
const SCHEMA_VERSION = 1;

const names = z.array(z.string().min(1)).max(1000).nullable().default(null);

/** Whatever is left out is as in a new rule. */
const entrySchema = z.strictObject({
  name: z.string(),
  description: z.string().nullable().default(null),
  enabled: z.boolean().default(true),
  severity: z.string().default('medium'),
  risk_threshold: z.number().nullable().default(null),
  object_types: names,
  camera_ids: names,
  zone_ids: names,
  min_confidence: z.number().nullable().default(null),
  schedule: z.record(z.string(), z.unknown()).nullable().default(null),
  min_dwell_seconds: z.number().nullable().default(null),
  trust: names,
  min_anomaly: z.number().nullable().default(null),
  object_count: z.number().nullable().default(null),
  dedup_key_template: z.string().default('{camera_id}:{rule_id}'),
  cooldown_seconds: z.number().default(300),
  channels: z.array(z.string().min(1)).default([]),
});

const fileSchema = z.object({ schema: z.literal(SCHEMA), schema_version: z.literal(SCHEMA_VERSION), rules: z.array(z.unknown()) });

/** One rule of a file. `place`: how errors name it. */
export type RuleEntry = { place: string; name: string; changes: RuleChanges };

/** What `parseRuleFile` reads back as it was. Ids and times are left out: they are of this database. */
export function toRuleFile(rows: readonly AlertRuleRow[], format: 'yaml' | 'json'): string {
  const file = { schema: SCHEMA, schema_version: SCHEMA_VERSION, rules: rows.map(toEntry) };
  return format === 'json' ? `${JSON.stringify(file, undefined, 2)}\n` : stringify(file, { lineWidth: 0 });
}

function toEntry(row: AlertRuleRow): z.infer<typeof entrySchema> {
  const { conditions } = row;
  return {
    name: row.name,
    description: row.description,
    enabled: row.enabled,
    severity: row.severity,
    risk_threshold: row.risk_threshold,
    object_types: row.object_types,
    camera_ids: row.camera_ids,
    zone_ids: row.zone_ids,
    min_confidence: row.min_confidence,
    schedule: row.schedule,
    min_dwell_seconds: conditions?.min_dwell_seconds ?? null,
    trust: conditions?.trust ?? null,
    min_anomaly: conditions?.min_anomaly ?? null,
    object_count: conditions?.object_count ?? null,
    dedup_key_template: row.dedup_key_template,
    cooldown_seconds: row.cooldown_seconds,
    channels: row.channels,
  };
}

/** Throws a usage error that names the first entry that is wrong and what about it. */
export function parseRuleFile(text: string): RuleEntry[] {
  const file = fileSchema.safeParse(parseText(text));
  if (!file.success) {
    throw new UsageError(`this is no file of rules: ${issueText(file.error)}`, {
      hint: '`hs rules export` writes one; schema: hs-rules, schema_version: 1, rules: [{name: …}]',
    });
  }
  const entries = file.data.rules.map(parseEntry);
  const twin = entries.find(({ name }, index) => entries.findIndex((other) => other.name === name) !== index);
  if (twin !== undefined) throw new UsageError(`${twin.place}: another rule of the file has the same name`);
  return entries;
}

function parseText(text: string): unknown {
  try {
    return parse(text.replace(/^\uFEFF/, ''), { maxAliasCount: 0 });
  } catch (error) {
    throw new UsageError(`this is neither YAML nor JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function parseEntry(value: unknown, index: number): RuleEntry {
  const called = typeof value === 'object' && value !== null && 'name' in value ? value.name : undefined;
  const place = `rule ${String(index + 1)}${typeof called === 'string' ? ` (${JSON.stringify(called)})` : ''} of the file`;
  const entry = entrySchema.safeParse(value);
  if (!entry.success) throw new UsageError(`${place}: ${issueText(entry.error)}`);
  const { data } = entry;
  const name = checkedName(data.name, place);
  return {
    place,
    name,
    changes: {
      name,
      description: data.description,
      enabled: data.enabled,
      severity: data.severity,
      threshold: data.risk_threshold,
      types: data.object_types,
      cameras: data.camera_ids,
      zones: data.zone_ids,
      minConfidence: data.min_confidence,
      schedule: data.schedule,
      dedupKey: data.dedup_key_template,
      cooldown: data.cooldown_seconds,
      channels: data.channels,
      minDwell: data.min_dwell_seconds,
      trust: data.trust,
      minAnomaly: data.min_anomaly,
      objectCount: data.object_count,
    },
  };
}

function issueText(error: z.ZodError): string {
  const [issue] = error.issues;
  const path = issue?.path.map(String).join('.') ?? '';
  return `${path === '' ? '' : `${path}: `}${issue?.message ?? 'is not as it should be'}`;
}
