import { dirname } from 'node:path';

import type { MediaFileRow } from '../../db/models/media-files.ts';
import { formatLocal } from '../../domain/time/local-time.ts';
import { CELL_SIZE, drawCellPicture, type SheetCell } from '../../media/drawing/draw-sheet.ts';
import { MediaError } from '../../media/media-error.ts';
import { probeVideo } from '../../media/probe-video.ts';
import type { EventMoment } from '../events/find-moments.ts';
import { openFrameReader } from '../footage/frame-reader.ts';
import { ffmpegFinder, type DecodeSettings } from '../footage/read-footage-frame.ts';

type ReadCellsOptions = {
  settings: DecodeSettings;
  timezone: string;
  boxes: boolean;
  verify: boolean;
  signal: AbortSignal;
  onFailure: (text: string) => void;
};

/** The frames as they lie on the sheet; one that cannot be read is told and left out. */
export async function readCells(moments: readonly EventMoment[], options: ReadCellsOptions): Promise<SheetCell[]> {
  const reader = openFrameReader(options);
  const pixelAspectOf = aspectFinder(options.settings);
  const cells: SheetCell[] = [];
  for (const moment of moments) {
    options.signal.throwIfAborted();
    try {
      // Pixels of a video need not be square.
      const cut = moment.file.media_type === 'image' ? { within: CELL_SIZE } : {};
      const frame = await reader.read(moment.file, moment.offsetMs, cut);
      const shown = { pixelAspect: await pixelAspectOf(moment.file), boxes: options.boxes ? moment.boxes : [] };
      const caption = formatLocal(moment.atMs, options.timezone).replace('T', ' ');
      cells.push({ picture: await drawCellPicture(frame, shown), caption, note: noteOf(moment) });
    } catch (error) {
      if (!(error instanceof MediaError)) throw error;
      options.onFailure(error.message);
    }
  }
  return cells;
}

/** The ledger does not say whether pixels are square. */
function aspectFinder(settings: DecodeSettings): (file: MediaFileRow) => Promise<number> {
  const tools = ffmpegFinder(settings);
  const known = new Map<number, number>();
  return async (file) => {
    if (file.media_type === 'image') return 1;
    const aspect = known.get(file.id) ?? (await probeVideo({ path: file.path, root: dirname(file.path) }, await tools())).pixelAspect ?? 1;
    known.set(file.id, aspect);
    return aspect;
  };
}

function noteOf({ why, trackId }: EventMoment): string {
  if (why === 'best') return `best of track ${String(trackId)}`;
  return why === 'between' ? '' : why;
}
