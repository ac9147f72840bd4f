import sharp from 'sharp';

import type { Size } from '../../domain/box.ts';
import { createTurns } from '../still/in-turn.ts';
// Its loading shuts every loader that cameras' pictures have no need of.
import '../still/limited-sharp.ts';

export type RgbaPicture = Size & { data: Buffer };

const LOADER = { operation: ['VipsForeignLoadSvg'] };
const inTurn = createTurns();

/** Paints an SVG that was made here. For the time of it the loader is open that stays shut for pictures from outside. */
export async function renderSvg(svg: string): Promise<RgbaPicture> {
  return inTurn(async () => {
    sharp.unblock(LOADER);
    try {
      const { data, info } = await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
      return { width: info.width, height: info.height, data };
    } finally {
      sharp.block(LOADER);
    }
  });
}

/** Whether the system has a font: without one two letters look alike, as two boxes or as nothing. */
export async function hasFont(): Promise<boolean> {
  const [thin, broad] = [await renderLetter('i'), await renderLetter('M')];
  return !thin.data.equals(broad.data);
}

function renderLetter(letter: string): Promise<RgbaPicture> {
  return renderSvg(
    `<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24"><text x="2" y="20" font-family="sans-serif" font-size="20">${letter}</text></svg>`,
  );
}
