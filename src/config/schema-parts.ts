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
