import { dirname, isAbsolute, relative, sep } from 'node:path';
import type { Knex } from 'knex';
import { spanBoxes, streamBoxes, type BoxRow, type BoxSpan } from '../../db/queries/boxes.ts';
import type { DetectionFilter } from '../../db/queries/detections.ts';
import { isObjectUri } from '../../domain/object-uri.ts';
import type { BoxRecord } from '../../exporters/boxes/box-record.ts';
import { encodeCoco } from '../../exporters/boxes/encode-coco.ts';
import { encodeMegadetector } from '../../exporters/boxes/encode-megadetector.ts';
import { mapRows } from '../lists/map-rows.ts';

/** Formats of computer vision: boxes of files instead of rows of columns. */
export const BOX_FORMATS = ['coco', 'megadetector'] as const;
export type BoxFormatName = (typeof BOX_FORMATS)[number];

export function isBoxFormat(format: string): format is BoxFormatName {
  return (BOX_FORMATS as readonly string[]).includes(format);
}

/** Boxes inside one snapshot. */
export type BoxSource = {
  span(snapshot: Knex): Promise<BoxSpan>;
  /** File by file; names are those from `root` on, whole where a file lies elsewhere. */
  records(snapshot: Knex, root: string): AsyncIterable<BoxRecord>;
};

export function boxSource(filter: DetectionFilter): BoxSource {
  return {
    span: (snapshot) => spanBoxes(snapshot, filter),
    records: (snapshot, root) => mapRows(streamBoxes(snapshot, filter), (row) => toBoxRecord(row, root)),
  };
}

function toBoxRecord(row: BoxRow, root: string): BoxRecord {
  const isVideo = row.media_type === 'video';
  return {
    fileKey: `${String(row.media_file_id)}:${row.path}`,
    file: nameUnder(root, row.path),
    isVideo,
    frameRate: row.frame_rate,
    frameOffsetMs: row.frame_offset_ms ?? (isVideo && row.id === null ? undefined : 0),
    imageWidth: row.video_width,
    imageHeight: row.video_height,
    found: toFound(row),
  };
}

function toFound({ id, object_type: label, confidence, bbox_x: x, bbox_y: y, bbox_width: width, bbox_height: height }: BoxRow) {
  if (id === null || label === null || confidence === null || x === null || y === null || width === null || height === null)
    return undefined;
  return { id, label, confidence, box: { x, y, width, height } };
}

function nameUnder(root: string, path: string): string {
  if (isObjectUri(path) !== isObjectUri(root)) return path;
  const name = relative(root, path);
  const isOutside = name === '' || name === '..' || name.startsWith(`..${sep}`) || isAbsolute(name);
  return (isOutside ? path : name).replaceAll(sep, '/');
}

/** The longest folder that all files lie in, from the first and the last of their paths by bytes. */
export function commonFolder(firstPath: string, lastPath: string): string {
  let folder = dirname(firstPath);
  while (!lastPath.startsWith(folder.endsWith(sep) ? folder : folder + sep) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}

type EncodeBoxesOptions = {
  format: BoxFormatName;
  span: BoxSpan;
  /** Instead of the longest folder that all files lie in. */
  root?: string | undefined;
  version: string;
  exportedAt: Date;
  /** Reports the records as they pass, on the pass that writes the boxes. */
  watch: (records: AsyncIterable<BoxRecord>) => AsyncIterable<BoxRecord>;
};

export function encodeBoxes(snapshot: Knex, boxes: BoxSource, options: EncodeBoxesOptions): AsyncIterable<string> {
  const { format, span, version, exportedAt, watch } = options;
  const root = options.root ?? commonFolder(span.firstPath ?? '', span.lastPath ?? '');
  const records = watch(boxes.records(snapshot, root));
  if (format === 'megadetector') return encodeMegadetector(version, records);
  return encodeCoco(exportedAt, { first: boxes.records(snapshot, root), second: records });
}
