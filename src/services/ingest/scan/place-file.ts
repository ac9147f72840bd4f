import { basename, sep } from 'node:path';

import { cameraOfFile, type CameraOfFile, type CameraOfFileFailure } from '../../../domain/camera-id.ts';
import type { CaptureTime } from '../../../domain/time/capture-time.ts';
import type { FlagTime } from '../../../domain/time/flag-time.ts';
import { matchTemplate, type TemplateMatch, type TimeTemplate } from '../../../domain/time/template.ts';
import { templatesOfLayout } from '../../../domain/time/layouts.ts';
import type { FoundFile } from '../../../media/discover/discovered.ts';
import type { CameraFacts } from './camera-book.ts';
import type { FileIdentity } from './identify-file.ts';
import type { ScanContext } from './scan-context.ts';
import { timeOfFile } from './time-of-file.ts';

export type PlacedFile = { file: FoundFile; identity: FileIdentity; camera: CameraFacts; time: CaptureTime };

/** `grew`: the file begins with all the bytes it had when it was last seen. */
export type PlacedWithGrowth = PlacedFile & { grew: boolean };

export type UnplacedFile = {
  code: 'camera_unknown' | 'camera_conflict' | 'time_unknown' | 'flag_rejected';
  message: string;
  camera?: CameraFacts;
};

/** The camera of a listed file: flag, template, folder, in this order (§2.1). */
export async function cameraOf(context: ScanContext, file: FoundFile): Promise<CameraFacts | UnplacedFile> {
  const named = nameCamera(context, file);
  if ('failure' in named) return { code: named.failure, message: named.message };
  const facts = await context.book.find(named, file.root);
  return 'conflict' in facts ? { code: 'camera_conflict', message: facts.conflict } : facts;
}

export type NamingContext = Pick<ScanContext, 'request' | 'settings' | 'ownLayouts'>;

/** What the camera of a listed file is called: by flag, template or folder. */
export function nameCamera(context: NamingContext, file: FoundFile): CameraOfFile | CameraOfFileFailure {
  const { request, settings, ownLayouts } = context;
  const layout = templatesOfLayout(request.layout ?? settings.layout, ownLayouts);
  const match = firstMatch(layout.ok ? layout.templates : [], pathForTemplates(context, file));
  return cameraOfFile({
    ...locationOf(context, file, match),
    ...(request.camera === undefined ? {} : { cameraFlag: request.camera }),
    ...(match?.camera === undefined ? {} : { templateCamera: match.camera }),
    ...(match === undefined ? {} : { templateDepth: match.depth }),
  });
}

/** Layouts look at folders, too; a file that was named by itself brings all those above it. */
function pathForTemplates({ request }: Pick<ScanContext, 'request'>, file: FoundFile): string {
  return request.roots.includes(file.path)
    ? file.path
        .split(sep)
        .filter((part) => part !== '')
        .join('/')
    : file.relativePath;
}

/** Where the camera's name may stand: below the root, or for a file named by itself in the folder above its layout. */
function locationOf(context: Pick<ScanContext, 'request'>, file: FoundFile, match: TemplateMatch | undefined) {
  const rootName = basename(file.root) || file.root;
  if (!context.request.roots.includes(file.path)) return { relativePath: file.relativePath, rootName };
  const parts = pathForTemplates(context, file).split('/');
  return { relativePath: basename(file.path), rootName: parts.at(-1 - (match?.depth ?? 1)) ?? rootName };
}

function firstMatch(templates: readonly TimeTemplate[], relativePath: string): TemplateMatch | undefined {
  for (const template of templates) {
    const match = matchTemplate(template, relativePath);
    if (match !== undefined) return match;
  }
  return undefined;
}

type PlaceOptions = { file: FoundFile; identity: FileIdentity; camera: CameraFacts; flag: FlagTime | undefined };

/** Puts an identified file into footage time. */
export async function placeFile(context: ScanContext, options: PlaceOptions): Promise<PlacedFile | UnplacedFile> {
  const { file, identity, camera } = options;
  const time = timeOfFile({ ...options, relativePath: pathForTemplates(context, file), limits: context.limits });
  if ('failure' in time) return { code: time.failure, message: time.message, camera };
  if (time.moving) await context.book.markMoving(camera.id);
  return { file, identity, camera, time };
}
