import sharp from 'sharp';

import type { RgbaPicture } from './render-svg.ts';
import { renderSvg } from './render-svg.ts';
import { escapeXml, shortened } from '../../lib/svg-text.ts';

/** One picture with what it is; `bytes` is a stored grey picture, null where none is kept. */
export type Panel = { bytes: Uint8Array | null; title: string; text: string };

const WIDTH = 640;
const GAP = 12;
const PAPER = '#0B1220';
const LONGEST_TEXT = 72;

/** A PNG with the pictures beside each other, a title over each and a line below all of them. */
export async function drawSideBySide(panels: readonly Panel[], caption: string): Promise<Buffer> {
  const pictures = await Promise.all(panels.map(async ({ bytes }) => bytes && enlarge(bytes)));
  const height = Math.max(...pictures.map((picture) => picture?.height ?? 0), WIDTH / 2);
  const size = { width: panels.length * WIDTH + (panels.length + 1) * GAP, height: height + 2 * 44 + GAP };
  const labels = await renderSvg(labelSvg(panels, { ...size, caption }));
  const layers = pictures.flatMap((picture, place) => (picture ? [{ ...inPlace(picture), left: leftOf(place), top: 44 }] : []));
  return sharp({ create: { ...size, channels: 3, background: PAPER } })
    .composite([...layers, { ...inPlace(labels), left: 0, top: 0 }])
    .removeAlpha()
    .png()
    .toBuffer();
}

async function enlarge(bytes: Uint8Array): Promise<RgbaPicture> {
  const pipeline = sharp(bytes).resize({ width: WIDTH, kernel: 'cubic' }).toColourspace('srgb').ensureAlpha().raw();
  const { data, info } = await pipeline.toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

function inPlace({ width, height, data }: RgbaPicture): { input: Buffer; raw: { width: number; height: number; channels: 4 } } {
  return { input: data, raw: { width, height, channels: 4 } };
}

function leftOf(place: number): number {
  return GAP + place * (WIDTH + GAP);
}

function labelSvg(panels: readonly Panel[], { width, height, caption }: { width: number; height: number; caption: string }): string {
  const titles = panels.map(({ title, text, bytes }, place) => {
    const missing = bytes ? '' : line({ x: leftOf(place) + 20, y: height / 2, size: 16, fill: '#94A3B8' }, 'no picture is kept');
    const x = leftOf(place);
    return `${line({ x, y: 29, size: 18, fill: '#FFFFFF' }, title)}${line({ x: x + 110, y: 29, size: 15, fill: '#CBD5E1' }, text)}${missing}`;
  });
  const below = line({ x: GAP, y: height - 22, size: 16, fill: '#E2E8F0' }, caption, 2 * LONGEST_TEXT);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${String(width)}" height="${String(height)}" font-family="sans-serif">` +
    `${titles.join('')}${below}</svg>`
  );
}

type Style = { x: number; y: number; size: number; fill: string };

function line({ x, y, size, fill }: Style, text: string, longest = LONGEST_TEXT): string {
  return `<text x="${String(x)}" y="${String(y)}" font-size="${String(size)}" fill="${fill}">${escapeXml(shortened(text, longest))}</text>`;
}
