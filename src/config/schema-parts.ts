import { z } from 'zod';

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

/** IANA name; offsets such as `+02:00` are refused because they know no summer time. */
export const timeZoneName = z.string().refine((name) => !/^[+-]/.test(name) && isTimeZone(name), {
  error: 'is not a time zone name such as Europe/Berlin',
});

export const score = z.number().min(0).max(1);
export const gates = z.record(z.string().min(1), score);
export const containerTime = z.enum(['utc', 'local']);

const FPS_LIMIT = 60;

export const sampleMode = z.string().refine(isSampleMode, {
  error: 'is not one of motion, keyframes, fps=F (up to 60) or every=Ns',
});

/** Only the spelling: the domain's own parser decides what it means. */
function isSampleMode(text: string): boolean {
  if (text === 'motion' || text === 'keyframes') return true;
  const found = /^(fps|every)=(\d+(?:\.\d+)?)s?$/.exec(text);
  if (found === null) return false;
  const amount = Number(found[2]);
  return amount > 0 && (found[1] === 'every' || (amount <= FPS_LIMIT && !text.endsWith('s')));
}

export const layoutTemplate = z.strictObject({
  template: z.string().min(1),
  zone: z.union([z.literal('local'), z.literal('utc'), timeZoneName]).optional(),
  time: z.enum(['start', 'end']).optional(),
  confidence: z.enum(['exact', 'low']).optional(),
});

export const layout = z.strictObject({ name: z.string().min(1), templates: z.array(layoutTemplate).min(1) });

export const cameraSettings = z.strictObject({
  timezone: timeZoneName.optional().describe('IANA zone of the times in its file names.'),
  clock_offset_s: z.number().default(0).describe('Seconds to add to its times; -240 for a clock that runs 240 s fast.'),
  container_time: containerTime.optional(),
  layout: z.string().min(1).optional().describe('Layout of its file names.'),
  enabled: z.boolean().default(true).describe('Whether its files are taken.'),
  gates: gates.prefault({}),
  recording: z.enum(['continuous', 'triggered']).optional().describe('Whether it records always or when something moves.'),
  folders: z.array(z.string().min(1)).default([]).describe('Further folders of its footage.'),
});

/** A key in an address would be printed with it. */
function isServerUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' && url.search === '';
}

export const llmSettings = z.strictObject({
  base_url: z
    .string()
    .refine(isServerUrl, { error: 'is not an http:// or https:// URL without user, password and parameters' })
    .optional()
    .describe('Server of a language model that speaks /v1/chat/completions; without one events are judged by rules.'),
  model: z.string().min(1).optional().describe('Model to ask, as the server names it.'),
  api_key: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'is not a key: it has blanks or other characters')
    .optional()
    .describe('Key of the server.'),
  api_key_file: z.string().min(1).optional().describe('File that holds the key of the server.'),
  concurrency: z.int().min(1).max(64).default(2).describe('Questions at once.'),
  vision: z.enum(['auto', 'on', 'off']).default('auto').describe('Whether pictures are sent; auto finds out whether the model sees.'),
  context: z.int().min(2048).max(10_000_000).default(8192).describe('Tokens that a question and its answer may have together.'),
  deadline_s: z
    .number()
    .min(1)
    .max(86_400)
    .default(600)
    .describe('So many seconds are spent on one event, with everything that is tried again.'),
});

/** Without credentials: the AWS SDK finds them where every program of it looks. */
export const objectSettings = z.strictObject({
  endpoint: z
    .string()
    .refine(isServerUrl, { error: 'is not an http:// or https:// URL without user, password and parameters' })
    .optional()
    .describe('Server of footage in object storage (s3://bucket/prefix); without one AWS.'),
  region: z.string().min(1).optional().describe('Its region; without one AWS_REGION or that of the profile.'),
  path_style: z
    .boolean()
    .default(false)
    .describe('Whether the bucket stands in the path instead of in the host name, as most stores of your own want it.'),
  checksums: z
    .enum(['when_supported', 'when_required'])
    .default('when_supported')
    .describe('when_required for old stores that do not know the checksums of S3.'),
  cache_max_gb: z.number().positive().default(20).describe('So much footage from object storage is kept on this machine, below home.'),
});

const MIN_ACTIVITY_DAYS = 60;

const keepTime = z.string().regex(/^(never|[1-9]\d{0,4}[dw])$/, 'is not an age such as 30d or 8w, or never');

const daysOf = (age: string): number => (age === 'never' ? Infinity : Number(age.slice(0, -1)) * (age.endsWith('w') ? 7 : 1));

export const retentionSettings = z.strictObject({
  footage: keepTime
    .default('30d')
    .describe('How long events, tracks, detections and looks at views are kept, before the newest footage of their camera.'),
  activity_hours: keepTime
    .refine((age) => daysOf(age) >= MIN_ACTIVITY_DAYS, { error: `is less than the ${String(MIN_ACTIVITY_DAYS)}d that baselines look back` })
    .default('60d')
    .describe('How long it is known what went on in each hour, and at least 30 days longer than footage.'),
  gpu_stats: keepTime.default('30d').describe('How long samples of GPUs are kept.'),
  jobs: keepTime.default('30d').describe('How long jobs and exports that are over are kept.'),
  logs: keepTime.default('7d').describe('How long the application log is kept.'),
  audit_logs: keepTime.default('never').describe('How long the audit log is kept.'),
});
