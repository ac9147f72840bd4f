import { readFile } from 'node:fs/promises';

export type TrueBox = { frame: number; id: number; x: number; y: number; width: number; height: number };

/** Boxes of a MOTChallenge ground truth: `frame,id,x,y,w,h,…`, frames from 1. Here they count from 0. */
export async function readGroundTruth(path: string): Promise<TrueBox[]> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const [frame = NaN, id = NaN, x = NaN, y = NaN, width = NaN, height = NaN] = line.split(',').map(Number);
    return { frame: frame - 1, id, x, y, width, height };
  });
}
