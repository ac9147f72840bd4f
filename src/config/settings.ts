import { z } from 'zod';
import { cameraSettings, containerTime, gates, layout, sampleMode, score, timeZoneName } from './schema-parts.ts';

const KEPT_CLASSES = ['person', 'bicycle', 'car', 'motorcycle', 'bus', 'truck', 'bird', 'cat', 'dog'];

const isDatabaseUrl = (text: string): boolean => /^postgres(ql)?:\/\//.test(text);

/**
 * The configuration file as written: snake_case keys, everything optional, unknown keys refused.
 * Defaults are behaviour's constants. `HS_<PATH>` is derived from the path of every scalar key (`time.floor` → `HS_TIME_FLOOR`).
 */
export const settingsFile = z.strictObject({
  home: z.string().min(1),
  database: z
    .strictObject({
      url: z.string().refine(isDatabaseUrl, { error: 'is not a postgres:// or postgresql:// URL' }).optional(),
      pg_bin: z.string().min(1).optional(),
      pg_user: z.string().min(1).optional(),
    })
    .prefault({}),
  timezone: timeZoneName.optional(),
  time: z
    .strictObject({
      floor: z.iso
        .datetime({ offset: true, error: 'is not an ISO 8601 instant such as 1990-01-01T00:00:00Z' })
        .default('1990-01-01T00:00:00Z'),
      max_future_s: z.number().min(0).default(86_400),
      disagree_s: z.number().min(0).default(120),
    })
    .prefault({}),
  container_time: containerTime.default('utc'),
  layout: z.string().min(1).default('auto'),
  layouts: z.array(layout).default([]),
  cameras: z.record(z.string().min(1), cameraSettings).prefault({}),
  ingest: z
    .strictObject({
      settle_s: z.number().min(0).default(30),
      workers: z.int().min(1).max(256).optional(),
      max_frames: z.int().min(1).optional(),
    })
    .prefault({}),
  sample: sampleMode.default('motion'),
  sample_fps: z.number().positive().max(60).default(2),
  detector: z
    .strictObject({
      model: z.string().min(1).optional(),
      device: z.string().min(1).default('auto'),
      floor: score.default(0.25),
      nms_iou: score.optional(),
      max_boxes: z.int().min(1).default(300),
      classes: z.array(z.string().min(1)).default(KEPT_CLASSES),
      gates: gates.prefault({}),
    })
    .prefault({}),
  ffmpeg: z.string().min(1).optional(),
  ffprobe: z.string().min(1).optional(),
  actor: z.string().min(1).optional(),
  log_level: z.enum(['debug', 'info', 'warning', 'error', 'critical']).default('info'),
});

export type SettingsFile = z.infer<typeof settingsFile>;

type CamelCase<Text extends string> = Text extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<CamelCase<Tail>>}` : Text;

/** Keys in camelCase all the way down; keys the user chooses (camera ids, class names) are `string` and stay. */
type CamelCased<Value> = Value extends readonly (infer Item)[]
  ? CamelCased<Item>[]
  : Value extends object
    ? { [Key in keyof Value as Key extends string ? (string extends Key ? Key : CamelCase<Key>) : Key]: CamelCased<Value[Key]> }
    : Value;

/** The effective configuration of one invocation. */
export type Settings = CamelCased<SettingsFile>;

const USER_KEYED = new Set(['cameras', 'gates']);

/** Turns keys into camelCase except those that name a camera or a class. */
export function toSettings(file: SettingsFile): Settings {
  return camelCased(file, false) as Settings;
}

function camelCased(value: unknown, keepKeys: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => camelCased(item, false));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      keepKeys ? key : key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      camelCased(inner, !keepKeys && USER_KEYED.has(key)),
    ]),
  );
}
