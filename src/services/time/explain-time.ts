import { basename, join } from 'node:path';
import type { Knex } from 'knex';

import { listCameras } from '../../db/models/cameras.ts';
import { cameraOfFile, type CameraOfFile } from '../../domain/camera-id.ts';
import type { TimeLimits } from '../../domain/time/capture-checks.ts';
import type { CaptureTimeInput } from '../../domain/time/capture-time.ts';
import { parseLayouts, templatesOfLayout } from '../../domain/time/layouts.ts';
import { isValidZone } from '../../domain/time/local-time.ts';
import type { Layout } from '../../domain/time/presets.ts';
import { matchTemplate, type TemplateMatch, type TimeTemplate } from '../../domain/time/template.ts';
import type { TimeExplanation } from '../../domain/time/time-explanation.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { locateFfmpeg, type FfmpegTools } from '../../media/ffmpeg/locate-ffmpeg.ts';
import { isInside } from '../../media/open-media.ts';
import type { IngestSettings } from '../ingest/ingest-options.ts';
import { createCameraBook, type CameraBook, type CameraFacts } from '../ingest/scan/camera-book.ts';
import { findExplainedFile, readFileTimes, type ExplainedFile } from './read-file-times.ts';
import { toTimeExplanation } from './to-time-explanation.ts';

export type ExplainTimeOptions = {
  knex: Knex;
  settings: IngestSettings;
  paths: readonly string[];
  camera?: string | undefined;
  layout?: string | undefined;
  timezone?: string | undefined;
  root?: string | undefined;
  cwd: string;
  now: Date;
  warn: (message: string) => void;
};

type Context = ExplainTimeOptions & {
  ownLayouts: readonly Layout[];
  /** Of `--layout`, or of the settings. */
  templates: readonly TimeTemplate[];
  book: CameraBook;
  knownFolders: { id: string; name: string; folder: string }[];
  tools: () => Promise<FfmpegTools>;
};

/** Explains the capture time of files as `hs ingest` would decide it; writes nothing. Throws UsageError. */
export async function explainTime(options: ExplainTimeOptions): Promise<TimeExplanation[]> {
  const context = await openContext(options);
  const files = await Promise.all(options.paths.map((path) => findExplainedFile(path, options)));
  const explanations: TimeExplanation[] = [];
  for (const file of files) explanations.push(await explainFile(context, file));
  return explanations;
}

async function openContext(options: ExplainTimeOptions): Promise<Context> {
  const { knex, settings, timezone, warn } = options;
  if (timezone !== undefined && !isValidZone(timezone)) {
    throw new UsageError(`--timezone ${timezone} is not a time zone name such as Europe/Berlin`);
  }
  const own = parseLayouts(settings.layouts);
  if (!own.ok) throw new UsageError(own.message);
  const layout = templatesOfLayout(options.layout ?? settings.layout, own.layouts);
  if (!layout.ok) throw new UsageError(layout.message);
  const warnOfZone = timezone === undefined ? warn : () => undefined;
  const book = createCameraBook({
    knex,
    settings,
    layout: options.layout,
    ownLayouts: own.layouts,
    actor: '',
    dryRun: true,
    warn: warnOfZone,
  });
  const rows = await listCameras(knex);
  const knownFolders = rows.flatMap(({ id, name, folder_path, folders }) =>
    [folder_path, ...folders].map((folder) => ({ id, name, folder })),
  );
  let tools: Promise<FfmpegTools> | undefined;
  const { ffmpeg, ffprobe, home } = settings;
  return {
    ...options,
    ownLayouts: own.layouts,
    templates: layout.templates,
    book,
    knownFolders: knownFolders.sort((a, b) => b.folder.length - a.folder.length),
    tools: () => (tools ??= locateFfmpeg({ ffmpeg, ffprobe, cacheFolder: join(home, 'bin') })),
  };
}

async function explainFile(context: Context, file: ExplainedFile): Promise<TimeExplanation> {
  const { unreadable, ...read } = await readFileTimes(file, context.tools);
  const { camera, facts } = await cameraOf(context, file);
  const input = {
    ...read,
    relativePath: file.relativePath,
    modifiedAtMs: file.modifiedAtMs,
    ...rulesFor(context, facts),
    ...limitsOf(context),
  };
  return toTimeExplanation(input, { path: file.shownPath, camera, ...(unreadable && { unreadable }) });
}

type ReadingRules = Pick<CaptureTimeInput, 'zone' | 'clockOffsetS' | 'containerTime' | 'templates'>;

/** What holds for the camera, where this command was not told otherwise. */
function rulesFor({ layout, timezone, templates, settings }: Context, facts: CameraFacts | undefined): ReadingRules {
  const rules: ReadingRules = facts ?? { zone: settings.timezone ?? 'UTC', containerTime: settings.containerTime, templates };
  return {
    zone: timezone ?? rules.zone,
    clockOffsetS: rules.clockOffsetS,
    containerTime: rules.containerTime,
    templates: layout === undefined ? rules.templates : templates,
  };
}

function limitsOf({ settings, now }: Context): TimeLimits {
  return {
    nowMs: now.getTime(),
    floorMs: Date.parse(settings.time.floor),
    maxFutureMs: settings.time.maxFutureS * 1000,
    disagreeMs: settings.time.disagreeS * 1000,
  };
}

type CameraFound = { camera: TimeExplanation['camera']; facts?: CameraFacts };

/** As in ingest, but the folder given to ingest is not known here: a camera that is known by its folder answers first. */
async function cameraOf(context: Context, file: ExplainedFile): Promise<CameraFound> {
  const match = context.templates.map((template) => matchTemplate(template, file.relativePath)).find((each) => each !== undefined);
  const known = isNamed(context, match) ? undefined : context.knownFolders.find(({ folder }) => isInside(file.path, folder));
  const named = cameraOfFile({
    relativePath: file.relativePath,
    rootName: basename(file.root),
    cameraFlag: context.camera ?? known?.id,
    templateCamera: match?.camera,
    templateDepth: match?.depth,
  });
  if ('failure' in named) return { camera: { failure: named.failure, message: named.message } };
  const facts = await factsOf(context, named, file);
  const camera = known
    ? ({ id: known.id, name: known.name, from: 'known' } as const)
    : { id: named.id, name: named.name, from: named.from };
  return { camera, ...(facts && { facts }) };
}

function isNamed(context: Context, match: TemplateMatch | undefined): boolean {
  return context.camera !== undefined || match?.camera !== undefined;
}

/** A folder that may not be this camera's is no matter here: the settings of the camera with that id are shown all the same. */
async function factsOf(context: Context, named: CameraOfFile, file: ExplainedFile): Promise<CameraFacts | undefined> {
  const facts = await context.book.find({ ...named, from: 'flag' }, join(file.root, named.folder));
  return 'conflict' in facts ? undefined : facts;
}
