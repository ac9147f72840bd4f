import { z } from 'zod';
import { channelName, channelSettings, duration } from './channel-settings.ts';
import { riskPoints } from './risk-settings.ts';
import {
  cameraSettings,
  containerTime,
  gates,
  layout,
  llmSettings,
  objectSettings,
  retentionSettings,
  sampleMode,
  score,
  timeZoneName,
} from './schema-parts.ts';

const KEPT_CLASSES = ['person', 'bicycle', 'car', 'motorcycle', 'bus', 'truck', 'bird', 'cat', 'dog'];

const isDatabaseUrl = (text: string): boolean => /^postgres(ql)?:\/\//.test(text);

/**
 * The configuration file as written: snake_case keys, everything optional, unknown keys refused.
 * Defaults are behaviour's constants. `HS_<PATH>` is derived from the path of every scalar key (`time.floor` → `HS_TIME_FLOOR`).
 */
export const settingsFile = z.strictObject({
  home: z.string().min(1).describe('Folder of the local database, models and artefacts.'),
  database: z
    .strictObject({
      url: z
        .string()
        .refine(isDatabaseUrl, { error: 'is not a postgres:// or postgresql:// URL' })
        .optional()
        .describe('PostgreSQL server; without one the local database is used.'),
      pg_bin: z
        .string()
        .min(1)
        .optional()
        .describe('Folder of PostgreSQL programs for the local database, instead of those that come with hs.'),
      pg_user: z.string().min(1).optional().describe('Account that runs the local database when hs runs as root.'),
    })
    .prefault({}),
  timezone: timeZoneName.optional().describe('IANA zone of local times in file names, for cameras and sites without one.'),
  time: z
    .strictObject({
      floor: z.iso
        .datetime({ offset: true, error: 'is not an ISO 8601 instant such as 1990-01-01T00:00:00Z' })
        .default('1990-01-01T00:00:00Z')
        .describe('Earlier capture times are not believed.'),
      max_future_s: z.number().min(0).default(86_400).describe('Capture times so many seconds ahead of the clock are not believed.'),
      disagree_s: z.number().min(0).default(120).describe('Sources of a capture time that differ by more seconds are remarked on.'),
    })
    .prefault({}),
  container_time: containerTime.default('utc').describe('How to read the time inside of video files.'),
  layout: z.string().min(1).default('auto').describe('Layout of file names; auto tries all.'),
  layouts: z.array(layout).default([]).describe('Layouts of your own for file names.'),
  cameras: z.record(z.string().min(1), cameraSettings).prefault({}).describe('Settings of single cameras, by id.'),
  ingest: z
    .strictObject({
      settle_s: z
        .number()
        .min(0)
        .default(30)
        .describe('Files changed less than so many seconds ago are looked at twice; what still grows is left for the next run.'),
      workers: z.int().min(1).max(256).optional().describe('Worker processes; by default one per core.'),
      max_frames: z.int().min(1).optional().describe('At most so many frames of a file are analysed.'),
    })
    .prefault({}),
  sample: sampleMode.default('motion').describe('Which frames are looked at: motion, keyframes, fps=F or every=Ns.'),
  sample_fps: z.number().positive().max(60).default(2).describe('Frames per second that the motion gate looks at.'),
  detector: z
    .strictObject({
      model: z.string().min(1).optional().describe('Id of the detector model; by default the most preferred one installed.'),
      device: z.string().min(1).default('auto').describe('Where models run, such as cpu or cuda.'),
      floor: score.default(0.25).describe('No detection below this score is stored.'),
      nms_iou: score.optional().describe('Overlap from which two boxes are one; by default what the card of the model says.'),
      max_boxes: z.int().min(1).default(300).describe('Boxes kept per frame.'),
      classes: z.array(z.string().min(1)).default(KEPT_CLASSES).describe('Classes that are stored.'),
      gates: gates.prefault({}).describe('Smallest score that counts for events, by class.'),
      coco_threats: z
        .boolean()
        .default(false)
        .describe('Whether knives and baseball bats that a detector of COCO classes sees in reach of a person count as threats.'),
    })
    .prefault({}),
  enrich: z
    .strictObject({
      image_quality: z.boolean().default(true).describe('Whether sharpness, exposure and noise of frames with detections are measured.'),
      threats: z.boolean().default(true).describe('Whether people are looked at with an installed threat model.'),
      faces: z.boolean().default(false).describe('Whether faces of people are located with an installed model. They are not identified.'),
      plates: z
        .boolean()
        .default(false)
        .describe('Whether licence plates of vehicles are located with an installed model. They are not read.'),
    })
    .prefault({}),
  llm: llmSettings.prefault({}),
  calibration: z
    .strictObject({
      user: z.string().min(1).max(255).default('local').describe('Whose feedback counts, and whose thresholds say which level a score is.'),
      camera_offset: z.boolean().default(false).describe('Whether what was learned about single cameras is added to their scores.'),
    })
    .prefault({}),
  risk: z.strictObject({ points: riskPoints }).prefault({}),
  notifications: z
    .strictObject({
      max_age: duration.default('24h').describe('Nobody is told of footage that began longer ago.'),
      scene_changes: z.boolean().default(false).describe('Whether somebody is told of cameras that were moved, covered or tampered with.'),
      channels: z.record(channelName, channelSettings).prefault({}).describe('Ways to tell somebody, by a name of your choice.'),
    })
    .prefault({}),
  evidence: z
    .strictObject({
      key_passphrase: z
        .string()
        .min(1)
        .optional()
        .describe('Opens the key that bundles of evidence are signed with, where it is encrypted.'),
    })
    .prefault({}),
  s3: objectSettings.prefault({}),
  retention: retentionSettings.prefault({}),
  ffmpeg: z.string().min(1).optional().describe('Program to use; by default the one in PATH or the one that comes with hs.'),
  ffprobe: z.string().min(1).optional().describe('Program to use; by default the one in PATH or the one that comes with hs.'),
  actor: z.string().min(1).optional().describe('Who is recorded in the audit log; by default the user of the operating system.'),
  log_level: z.enum(['debug', 'info', 'warning', 'error', 'critical']).default('info').describe('Lowest level that is written to the log.'),
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

const USER_KEYED = new Set(['cameras', 'gates', 'channels']);

/** Turns keys into camelCase except those that name a camera, a class or a channel. */
export function toSettings(file: SettingsFile): Settings {
  return camelCased(file, false) as Settings;
}

/** The value at a path of the file, such as `['time', 'max_future_s']`; undefined where nothing is set. */
export function settingAt(settings: Settings, path: readonly string[]): unknown {
  let value: unknown = settings;
  let keepKeys = false;
  for (const key of path) {
    const name = keepKeys ? key : camelKey(key);
    value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
    keepKeys = !keepKeys && USER_KEYED.has(key);
  }
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function camelKey(key: string): string {
  return key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function camelCased(value: unknown, keepKeys: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => camelCased(item, false));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [keepKeys ? key : camelKey(key), camelCased(inner, !keepKeys && USER_KEYED.has(key))]),
  );
}
