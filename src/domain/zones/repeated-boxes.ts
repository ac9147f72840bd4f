import type { BoxXywh, BoxXyxy, Size } from '../box.ts';
import { groupOf } from '../classes.ts';
import type { ClassGroup } from '../detection.ts';
import { iou } from '../iou.ts';

/** A standing detection in footage order. `localDay`: any text that is the same for the same day at the camera. */
export type StandingDetection = {
  id: number;
  label: string;
  detectedAtMs: number;
  localDay: string;
  mediaFileId: number;
  frameOffsetMs: number;
  box: BoxXywh;
  picture: Size;
};

/** Where something stands again and again; `box` as parts of the picture, of the first sighting. */
export type RepeatedBox = {
  group: ClassGroup;
  /** Most frequent first. */
  labels: string[];
  box: BoxXywh;
  days: number;
  frames: number;
  firstMs: number;
  lastMs: number;
  /** The first, one of a day in between, and the last. */
  examples: StandingDetection[];
};

const MIN_IOU = 0.8;
const MIN_DAYS = 3;
const MIN_FRAMES = 20;

/** Footage that is looked back at, in ms. */
export const REPEATED_WITHIN_MS = 14 * 86_400_000;

type Cluster = {
  group: ClassGroup;
  corners: BoxXyxy;
  box: BoxXywh;
  labels: Map<string, number>;
  days: Set<string>;
  frames: number;
  lastFrame: string;
  first: StandingDetection;
  middle: StandingDetection;
  last: StandingDetection;
};

/** Gathers standing detections into places (§5.3); holds the places only. */
export function createBoxClusters() {
  const clusters: Cluster[] = [];
  return {
    add(detection: StandingDetection): void {
      const box = toShares(detection);
      const corners = { x1: box.x, y1: box.y, x2: box.x + box.width, y2: box.y + box.height };
      const group = groupOf(detection.label);
      const found = clusters.find((cluster) => cluster.group === group && iou(cluster.corners, corners) >= MIN_IOU);
      if (found === undefined) clusters.push(open(detection, { group, box, corners }));
      else join(found, detection);
    },
    /** Places seen on enough days and often enough, the most frequent first. */
    repeated(): RepeatedBox[] {
      return clusters
        .filter(({ days, frames }) => days.size >= MIN_DAYS && frames >= MIN_FRAMES)
        .sort((a, b) => b.frames - a.frames || a.first.id - b.first.id)
        .map(toRepeatedBox);
    },
  };
}

function toShares({ box, picture }: StandingDetection): BoxXywh {
  const { width, height } = picture;
  return { x: box.x / width, y: box.y / height, width: box.width / width, height: box.height / height };
}

type Place = Pick<Cluster, 'group' | 'box' | 'corners'>;

function open(detection: StandingDetection, place: Place): Cluster {
  const cluster = { ...place, labels: new Map<string, number>(), days: new Set<string>(), frames: 0, lastFrame: '' };
  const opened = { ...cluster, first: detection, middle: detection, last: detection };
  join(opened, detection);
  return opened;
}

function join(cluster: Cluster, detection: StandingDetection): void {
  const frame = `${String(detection.mediaFileId)}/${String(detection.frameOffsetMs)}`;
  if (frame !== cluster.lastFrame) cluster.frames += 1;
  cluster.lastFrame = frame;
  cluster.labels.set(detection.label, (cluster.labels.get(detection.label) ?? 0) + 1);
  if (!cluster.days.has(detection.localDay) && cluster.days.size === 1) cluster.middle = detection;
  cluster.days.add(detection.localDay);
  cluster.last = detection;
}

function toRepeatedBox({ group, labels, box, days, frames, first, middle, last }: Cluster): RepeatedBox {
  return {
    group,
    labels: [...labels].sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1)).map(([label]) => label),
    box,
    days: days.size,
    frames,
    firstMs: first.detectedAtMs,
    lastMs: last.detectedAtMs,
    examples: [first, middle, last],
  };
}

/**
 * Corners of the zone that leaves out such a box by its centre: of boxes of one size those have an IoU of at least 0.8 whose centre is
 * within a ninth of the size, so nothing but what stands right there is left out.
 */
export function centreZoneOf({ x, y, width, height }: BoxXywh): [from: [number, number], to: [number, number]] {
  const side = (start: number, length: number): [number, number] => {
    const reach = length * ((1 - MIN_IOU) / (1 + MIN_IOU));
    return [rounded(start + length / 2 - reach), rounded(start + length / 2 + reach)];
  };
  const [[left, right], [top, bottom]] = [side(x, width), side(y, height)];
  return [
    [left, top],
    [right, bottom],
  ];
}

function rounded(value: number): number {
  return Math.min(1, Math.max(0, Math.round(value * 1e4) / 1e4));
}
