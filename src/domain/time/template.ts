import { isValidZone } from './local-time.ts';
import { type Captures, matchPath, type PathPattern, type PatternOutcome } from './path-pattern.ts';
import { type NamedTime, readNamedTimes } from './template-time.ts';

/** How the times of a layout are to be understood. */
export type TemplateOptions = {
  /** `local` = the camera's zone, `utc`, or an IANA name. */
  zone?: string | undefined;
  /** Whether the name tells the start or the end of the recording. */
  time?: 'start' | 'end' | undefined;
  confidence?: 'exact' | 'low' | undefined;
};

export type TimeTemplate = {
  layout: string;
  text: string;
  pattern: PathPattern;
  zone: string;
  time: 'start' | 'end';
  confidence: 'exact' | 'low';
  hasSeconds: boolean;
  /** Lower-case names `{camera}` may stand for; any when absent. */
  cameras?: readonly string[];
  /** The camera moves (a car): no motion gate, scene change, zones or baselines. */
  moving?: boolean;
  /** The container's own time is taken when it differs by more than this. */
  containerWinsBeyondMs?: number;
  /** Says that names of this kind tell no time; whatever else tells it has low confidence. */
  untimed?: boolean;
};

export type TemplateMatch = {
  template: TimeTemplate;
  start?: NamedTime;
  end?: NamedTime;
  camera?: string;
  /** The name says that summer time was in force. */
  summerTime: boolean;
  /** Path parts, from the right, that the template covers. */
  depth: number;
};

/** Matches a template against the right end of a '/' separated path relative to the given root. */
export function matchTemplate(template: TimeTemplate, relativePath: string): TemplateMatch | undefined {
  const { match } = tryTemplate(template, relativePath);
  return match && { ...match.accepted, depth: match.depth };
}

/** As `matchTemplate`, with the number of steps the search took. */
export function tryTemplate(template: TimeTemplate, relativePath: string): PatternOutcome<Omit<TemplateMatch, 'depth'>> {
  return matchPath(template.pattern, relativePath.normalize('NFC'), (captures) => readCaptures(template, captures));
}

function readCaptures(template: TimeTemplate, captures: Captures): Omit<TemplateMatch, 'depth'> | undefined {
  const camera = captures.get('camera');
  if (!isCameraOf(template, camera)) return undefined;
  const found = {
    template,
    ...(camera !== undefined && { camera }),
    summerTime: captures.get('dst')?.toLowerCase() === 'dst',
  };
  if (template.untimed) return found;
  const times = readNamedTimes(captures);
  if (!times) return undefined;
  if (template.time === 'end' && !times.end && times.start) return { ...found, end: times.start };
  return { ...found, ...times };
}

function isCameraOf(template: TimeTemplate, camera: string | undefined): boolean {
  return camera === undefined || (template.cameras?.includes(camera.toLowerCase()) ?? true);
}

/** What is wrong with the options of a template, in one line; undefined when nothing is. */
export function complaintAboutOptions(options: TemplateOptions): string | undefined {
  const { zone = 'local', time = 'start', confidence = 'exact' } = options;
  if (zone !== 'local' && zone !== 'utc' && !isValidZone(zone)) {
    return `zone ${JSON.stringify(zone)} is neither local, utc nor the name of a time zone`;
  }
  if (!['start', 'end'].includes(time)) return `time must be start or end, not ${JSON.stringify(time)}`;
  if (!['exact', 'low'].includes(confidence)) return `confidence must be exact or low, not ${JSON.stringify(confidence)}`;
  return undefined;
}
