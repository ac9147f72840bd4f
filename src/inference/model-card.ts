import { z } from 'zod';
import { COCO_LABELS } from '../domain/coco-labels.ts';
import { ENTITY_TYPES, THREAT_TYPES } from '../domain/enums.ts';
import { DEFAULT_SIMILARITY_THRESHOLD } from '../domain/household/appearance.ts';

const name = z.string().min(1).max(200);
const side = z.int().min(16).max(8192);
const threeNumbers = z.tuple([z.number(), z.number(), z.number()]);

/** Lower case and no separators: the id is also the name of the folder the model is installed in. */
export const modelId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, { error: 'is not a model id: up to 64 of a-z 0-9 . _ -, starting with a letter or digit' });

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, { error: 'is not a sha256 in lower-case hex' });

/** Pixels become `(pixel * scale - mean[c]) / std[c]`, with the channels `c` in `channelOrder`. `padValue` is a pixel, before that formula. */
const input = z.strictObject({
  name,
  width: side,
  height: side,
  /** Plane by plane, or pixel by pixel. */
  layout: z.enum(['nchw', 'nhwc']).default('nchw'),
  channelOrder: z.enum(['rgb', 'bgr']),
  scale: z.number().positive().default(1),
  mean: threeNumbers.default([0, 0, 0]),
  std: z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]).default([1, 1, 1]),
  fit: z.enum(['letterbox', 'stretch']),
  align: z.enum(['centre', 'top-left']).default('centre'),
  padValue: z.number().min(0).max(255).default(114),
  /** Name of the second input [N, 2] int64 that takes width and height of the original picture, for models that answer in its pixels. */
  sizesInput: name.optional(),
});

const strides = z.array(z.int().positive()).min(1).default([8, 16, 32]);
const predictions = z.strictObject({ predictions: name });
const level = z.strictObject({ stride: z.int().positive(), scores: name, boxes: name });
const faceLevel = level.extend({ objectness: name });
const priorLevel = z.strictObject({ stride: z.int().positive(), sizes: z.array(z.number().positive()).min(1) });

const common = {
  id: modelId,
  title: name,
  input,
  licence: z.string().min(1),
  sha256,
  bytes: z.int().positive(),
  source: z.strictObject({ homepage: z.url(), urls: z.array(z.url({ protocol: /^https?$/ })).default([]) }),
  /** Among installed models the one with the highest number is used when none is named. */
  preference: z.number().default(100),
  notes: z.array(z.string().min(1)).default([]),
};

/** What boxes are looked for: objects of any kind, or one thing on the crops of objects. */
const FINDER_TASKS = ['detection', 'threats', 'faces', 'plates'] as const;

const detection = {
  ...common,
  task: z.enum(FINDER_TASKS).default('detection'),
  classes: z.union([z.literal('coco80'), z.array(name).min(1).max(10_000)]),
  /** Overlap above which the weaker box of a class goes; absent for models that need no suppression. */
  nmsIou: z.number().min(0).max(1).optional(),
  scoreMeaning: z.string().min(1),
  /** Which of its classes are threats, and which kind. Needed by the task threats. */
  threats: z.record(name, z.enum(THREAT_TYPES)).optional(),
};

/** One vector of what a crop looks like; more alike is a greater cosine. */
const embedding = z.strictObject({
  ...common,
  family: z.literal('embedding'),
  task: z.literal('embedding').default('embedding'),
  /** What it was trained to tell apart. */
  subjects: z.array(z.enum(ENTITY_TYPES)).min(1).default(['person']),
  outputs: z.strictObject({ embedding: name }),
  /** Numbers in a vector. */
  dimension: z.int().min(2).max(8192),
  /** Cosine from which two crops count as the same one. */
  threshold: z.number().min(0).max(1).default(DEFAULT_SIMILARITY_THRESHOLD),
});

const families = [
  z.strictObject({ ...detection, family: z.literal('yolox'), outputs: predictions, strides }),
  z.strictObject({ ...detection, family: z.literal('deim'), outputs: z.strictObject({ labels: name, boxes: name, scores: name }) }),
  z.strictObject({
    ...detection,
    family: z.literal('nanodet'),
    outputs: z.strictObject({ levels: z.array(level).min(1) }),
    bins: z.int().min(2).max(64).default(8),
  }),
  z.strictObject({ ...detection, family: z.literal('yolov8'), outputs: predictions }),
  z.strictObject({ ...detection, family: z.literal('end-to-end'), outputs: predictions }),
  z.strictObject({ ...detection, family: z.literal('yunet'), outputs: z.strictObject({ levels: z.array(faceLevel).min(1) }) }),
  z.strictObject({
    ...detection,
    family: z.literal('lpd-yunet'),
    outputs: z.strictObject({ boxes: name, scores: name, overlaps: name }),
    levels: z.array(priorLevel).min(1),
  }),
  embedding,
] as const;

/** What a model file is and how to feed and read it. One card per file; the weights are known by their sha256. */
export const modelCard = z.discriminatedUnion('family', families).check((context) => {
  const card = context.value;
  if (card.family === 'deim' && card.input.sizesInput === undefined) {
    context.issues.push({ code: 'custom', input: card, path: ['input', 'sizesInput'], message: 'is needed by the family deim' });
  }
  const problem = card.family === 'embedding' ? undefined : threatProblem(card);
  if (problem !== undefined) context.issues.push({ code: 'custom', input: card, path: ['threats'], message: problem });
});

export type ModelCard = z.infer<typeof modelCard>;
export type ModelFamily = ModelCard['family'];
export type CardOf<Family extends ModelFamily> = Extract<ModelCard, { family: Family }>;

export type EmbeddingCard = CardOf<'embedding'>;
export type DetectorCard = Exclude<ModelCard, EmbeddingCard>;

export type FinderTask = (typeof FINDER_TASKS)[number];

/** A threat model says which of its classes are which threats, in words that are its own. */
function threatProblem({ task, threats, classes }: Pick<DetectorCard, 'task' | 'threats' | 'classes'>): string | undefined {
  const labels = Object.keys(threats ?? {});
  if (task === 'threats' && labels.length === 0) return 'is needed by the task threats: which class is which kind of threat';
  if (task !== 'threats' && threats !== undefined) return `goes with the task threats, not with ${task}`;
  const known: readonly string[] = classes === 'coco80' ? COCO_LABELS : classes;
  const unknown = labels.find((label) => !known.includes(label));
  return unknown === undefined ? undefined : `${JSON.stringify(unknown)} is none of its classes`;
}

/** `labels[classId]`. */
export function labelsOf(card: DetectorCard): readonly string[] {
  return card.classes === 'coco80' ? COCO_LABELS : card.classes;
}

export type ParsedCard = { card: ModelCard } | { problem: string };

/** Never throws: a card may come from anywhere, and the caller knows which file to name. */
export function parseModelCard(json: unknown): ParsedCard {
  const parsed = modelCard.safeParse(json);
  if (parsed.success) return { card: parsed.data };
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? 'the card' : issue.path.join('.');
  return { problem: `${where}: ${issue?.message ?? 'is not a model card'}` };
}
