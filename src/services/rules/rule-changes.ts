import type { Knex } from 'knex';
import type { AlertRulePatch, AlertRuleRow } from '../../db/models/alert-rules.ts';
import { listZones } from '../../db/models/zones.ts';
import { listCameraNames } from '../../db/queries/cameras.ts';
import { ALERT_TRUSTS, type AlertConditions, type AlertSchedule } from '../../domain/alerts/alert-rule.ts';
import { SEVERITIES } from '../../domain/enums.ts';
import { fillDedupKey, unknownDedupVariables } from '../../domain/dedup-key.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { nearestName } from '../../lib/nearest-name.ts';
import { assertKnownClasses } from '../lists/assert-known-classes.ts';
import { noSuchCamera } from '../lists/match-names.ts';
import { checkedSchedule, readAlertSchedule } from './schedule-text.ts';

/** What can be said of a rule, as the user gave it; undefined stays as it is, null and an empty list are "not set". */
export type RuleChanges = {
  name?: string | undefined;
  description?: string | null | undefined;
  enabled?: boolean | undefined;
  severity?: string | undefined;
  threshold?: number | null | undefined;
  types?: readonly string[] | null | undefined;
  /** Ids or names. */
  cameras?: readonly string[] | null | undefined;
  /** Ids or names; of several zones of one name all are meant. */
  zones?: readonly string[] | null | undefined;
  minConfidence?: number | null | undefined;
  /** As an object, or as text; an empty text and null are always. */
  schedule?: unknown;
  dedupKey?: string | undefined;
  cooldown?: number | undefined;
  channels?: readonly string[] | undefined;
  minDwell?: number | null | undefined;
  trust?: readonly string[] | null | undefined;
  minAnomaly?: number | null | undefined;
  objectCount?: number | null | undefined;
};

/** What rules are checked against, beside the database. */
export type RuleSettings = {
  detector: { classes: readonly string[] };
  notifications: { channels: Readonly<Record<string, unknown>> };
};

const GROUP_NAMES = ['vehicle', 'animal'];
const LONGEST_COOLDOWN_SECONDS = 366 * 86_400;

/** The columns that the changes stand for. Throws a usage error for a name nobody knows, with the nearest one, and for a value that is none. */
export async function toRulePatch(
  knex: Knex,
  changes: RuleChanges,
  { settings, stored }: { settings: RuleSettings; stored?: AlertRuleRow },
): Promise<AlertRulePatch> {
  const types = changes.types?.map((type) => type.toLowerCase());
  await assertKnownClasses(
    knex,
    types?.filter((type) => !GROUP_NAMES.includes(type)),
    settings.detector.classes,
  );
  const cameraIds = await toCameraIds(knex, changes.cameras);
  return given({
    description: changes.description,
    enabled: changes.enabled,
    severity: when(changes.severity, (word) => oneOf('severity', word, SEVERITIES)),
    risk_threshold: within('threshold', changes.threshold, { max: 100, whole: true }),
    object_types: when(changes.types, () => emptyAsNull(types)),
    camera_ids: cameraIds,
    zone_ids: await toZoneIds(knex, changes.zones, cameraIds === undefined ? (stored?.camera_ids ?? null) : cameraIds),
    min_confidence: within('min-confidence', changes.minConfidence, { max: 1 }),
    schedule: when(changes.schedule, toSchedule),
    dedup_key_template: when(changes.dedupKey, checkedTemplate),
    cooldown_seconds: when(changes.cooldown, (seconds) => within('cooldown', seconds, { max: LONGEST_COOLDOWN_SECONDS, whole: true }) ?? 0),
    channels: when(changes.channels, (names) => checkedChannels(names, settings)),
    conditions: toConditions(changes, stored?.conditions ?? null),
  });
}

function toSchedule(schedule: unknown): AlertSchedule | null {
  if (schedule === null || schedule === '') return null;
  return typeof schedule === 'string' ? readAlertSchedule(schedule) : checkedSchedule(schedule);
}

/** What is not given stays so. */
function when<Value, Result>(value: Value | undefined, convert: (value: Value) => Result): Result | undefined {
  return value === undefined ? undefined : convert(value);
}

function toConditions(changes: RuleChanges, stored: AlertConditions | null): AlertConditions | null | undefined {
  const { minDwell, trust, minAnomaly, objectCount } = changes;
  if ([minDwell, trust, minAnomaly, objectCount].every((value) => value === undefined)) return undefined;
  const merged = {
    ...stored,
    ...given({
      min_dwell_seconds: within('min-dwell', minDwell, { max: 86_400 * 7 }),
      trust: when(trust, (words) => emptyAsNull(words?.map((word) => oneOf('trust', word, ALERT_TRUSTS)))),
      min_anomaly: within('min-anomaly', minAnomaly, { max: 1 }),
      object_count: within('count', objectCount, { min: 1, max: 1000, whole: true }),
    }),
  };
  const set = Object.entries(merged).filter(([, value]) => value !== null);
  return set.length === 0 ? null : Object.fromEntries(set);
}

async function toCameraIds(knex: Knex, wanted: readonly string[] | null | undefined): Promise<string[] | null | undefined> {
  if (wanted === undefined) return undefined;
  const cameras = await listCameraNames(knex);
  return emptyAsNull(
    wanted?.map((word) => {
      const found = cameras.find(({ id }) => id === word) ?? cameras.find(({ name }) => name === word);
      if (found !== undefined) return found.id;
      const meant = nearestName(
        word,
        cameras.flatMap(({ id, name }) => [id, name]),
      );
      if (meant === undefined) throw noSuchCamera(word, cameras);
      throw new UsageError(`no camera matches ${JSON.stringify(word)}`, { code: 'camera_unknown', hint: `did you mean ${meant}?` });
    }),
  );
}

async function toZoneIds(
  knex: Knex,
  wanted: readonly string[] | null | undefined,
  cameraIds: readonly string[] | null,
): Promise<string[] | null | undefined> {
  if (wanted === undefined) return undefined;
  const all = (await listZones(knex)).filter(({ purpose }) => purpose === 'detect');
  const zones = cameraIds === null || cameraIds.length === 0 ? all : all.filter((zone) => cameraIds.includes(zone.camera_id));
  return emptyAsNull(
    wanted?.flatMap((word) => {
      const byId = zones.filter(({ id }) => id === word);
      const found = byId.length > 0 ? byId : zones.filter(({ name }) => name === word);
      if (found.length > 0) return found.map(({ id }) => id);
      const meant = nearestName(
        word,
        zones.flatMap(({ id, name }) => [name, id]),
      );
      const hint = meant === undefined ? '`hs zones list` shows the zones; only those of purpose detect count' : `did you mean ${meant}?`;
      const where = zones.length < all.length ? ' on the cameras of the rule' : '';
      throw new UsageError(`there is no zone ${JSON.stringify(word)}${where}`, { code: 'zone_unknown', hint });
    }),
  );
}

function checkedTemplate(template: string): string {
  const [unknown] = unknownDedupVariables(template);
  const variables = ['camera_id', 'rule_id', 'object_type', 'zone_id', 'sequence_id'];
  if (unknown !== undefined) {
    const meant = nearestName(unknown, variables);
    const hint = meant === undefined ? `known are ${variables.map((name) => `{${name}}`).join(', ')}` : `did you mean {${meant}}?`;
    throw new UsageError(`a dedup key has no variable {${unknown}}`, { hint });
  }
  try {
    fillDedupKey(template, { camera_id: 'c', rule_id: 'r' });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  if (Array.from(template).length > 255) throw new UsageError('a dedup key has at most 255 characters');
  return template;
}

function checkedChannels(names: readonly string[], { notifications }: RuleSettings): string[] {
  const known = Object.keys(notifications.channels);
  for (const name of names) {
    if (known.includes(name)) continue;
    const meant = nearestName(name, known);
    const there =
      known.length === 0
        ? 'none is configured yet: notifications.channels in the configuration file'
        : `configured are ${known.join(', ')}`;
    throw new UsageError(`there is no channel ${JSON.stringify(name)}`, {
      code: 'channel_unknown',
      hint: meant === undefined ? there : `did you mean ${meant}?`,
    });
  }
  return [...new Set(names)];
}

type Bounds = { min?: number; max: number; whole?: boolean };

function within(flag: string, value: number | null | undefined, { min = 0, max, whole = false }: Bounds): number | null | undefined {
  if (value === undefined || value === null) return value;
  if (value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
  throw new UsageError(`${flag} ${String(value)} is not a ${whole ? 'whole ' : ''}number from ${String(min)} to ${String(max)}`);
}

function oneOf<Choice extends string>(what: string, word: string, choices: readonly Choice[]): Choice {
  const found = choices.find((choice) => choice === word.toLowerCase());
  if (found !== undefined) return found;
  const meant = nearestName(word, choices);
  const hint = meant === undefined ? {} : { hint: `did you mean ${meant}?` };
  throw new UsageError(`${what} ${JSON.stringify(word)} is not one of ${choices.join(', ')}`, hint);
}

function emptyAsNull<Item>(list: readonly Item[] | null | undefined): Item[] | null {
  return list === null || list === undefined || list.length === 0 ? null : [...new Set(list)];
}

type Given<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

function given<T extends object>(values: T): Given<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>;
}
