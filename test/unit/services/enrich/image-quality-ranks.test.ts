import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';

import { measurePicture, ratePicture, type PictureQuality } from '../../../../src/domain/enrichment/picture-quality.ts';
import { planLetterbox } from '../../../../src/domain/letterbox.ts';
import { toMotionLuma } from '../../../../src/domain/luma.ts';
import { findAsset } from '../../../helpers/footage.ts';

/** As a worker does: scaled for a detector of 416 px, then to grey of at most 320. */
async function qualityOf(bytes: Buffer): Promise<PictureQuality> {
  const { width, height } = await sharp(bytes).metadata();
  const { scaled } = planLetterbox({ width, height }, { width: 416, height: 416 }, 'centre');
  const pixels = sharp(bytes)
    .resize(scaled.width, scaled.height, { fit: 'fill', kernel: 'cubic' })
    .removeAlpha()
    .toColourspace('srgb')
    .raw();
  return ratePicture(measurePicture(toMotionLuma({ ...scaled, data: await pixels.toBuffer() }))!);
}

/** Worse versions of a picture: out of focus by 3 px of what is measured, at a seventh of its light, with noise of 25 grey levels. */
async function worsened(bytes: Buffer): Promise<Record<'blurred' | 'dark' | 'noisy', Buffer>> {
  const picture = sharp(bytes).removeAlpha().toColourspace('srgb');
  const { width } = await sharp(bytes).metadata();
  const small = await picture.clone().resize(Math.min(width, 640)).raw().toBuffer({ resolveWithObject: true });
  let seed = 1;
  const random = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
  const noisy = Buffer.from(small.data.map((value) => clamp(value + (random() + random() + random() + random() - 2) * Math.sqrt(3) * 25)));
  const { width: w, height: h, channels } = small.info;
  return {
    blurred: await picture
      .clone()
      .blur((3 * width) / 416)
      .png()
      .toBuffer(),
    dark: await picture.clone().linear(0.15, 0).png().toBuffer(),
    noisy: await sharp(noisy, { raw: { width: w, height: h, channels } })
      .png()
      .toBuffer(),
  };
}

function clamp(value: number): number {
  return Math.max(0, Math.min(255, value));
}

async function expectRanks(bytes: Buffer): Promise<void> {
  const good = await qualityOf(bytes);
  const worse = await worsened(bytes);
  const [blurred, dark, noisy] = await Promise.all([worse.blurred, worse.dark, worse.noisy].map(qualityOf));
  expect(blurred!.sharpness).toBeLessThan(Math.min(0.25, good.sharpness));
  expect(blurred!.issues).toContain('blurry');
  expect(dark!.exposure).toBeLessThan(good.exposure);
  expect(dark!.issues).toContain('dark');
  expect(noisy!.noise).toBeLessThan(good.noise);
  for (const bad of [blurred!, dark!, noisy!]) expect(bad.score).toBeLessThan(good.score);
}

test('a drawn scene ranks above its blurred, its dark and its noisy version', async () => {
  const [width, height] = [640, 360];
  const pixels = Buffer.alloc(width * height * 3, 0x88);
  for (let i = 0; i < 60; i += 1) {
    const [left, top, boxWidth, boxHeight] = [(i * 97) % 600, (i * 53) % 330, 8 + (i % 5) * 9, 6 + (i % 7) * 8];
    for (let y = top; y < Math.min(height, top + boxHeight); y += 1)
      for (let x = left; x < Math.min(width, left + boxWidth); x += 1)
        pixels.set([(i * 47) % 256, 80 + (i % 5) * 30, (i * 89) % 256], (y * width + x) * 3);
  }
  await expectRanks(
    await sharp(pixels, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer(),
  );
});

const some = findAsset('images/ambianic_person.jpg');
const folder = some && dirname(some);
/** Dark and soft by themselves: an infrared night and a thermal camera. */
const POOR = ['trap_blank.jpg', 'trap_blank2.jpg', 'ambianic_person_thermal_bw.jpg', 'ambianic_fall_img_1.png'];
const pictures = folder === undefined ? [] : readdirSync(folder).filter((name) => /\.(jpg|png)$/.test(name) && !POOR.includes(name));

test.skipIf(folder === undefined)('so do real pictures of cameras (skipped without assets)', { timeout: 120_000 }, async () => {
  expect(pictures.length).toBeGreaterThan(15);
  for (const name of pictures) {
    const bytes = await sharp(`${folder!}/${name}`).png().toBuffer();
    await expectRanks(bytes);
    expect((await qualityOf(bytes)).issues, name).toEqual([]);
  }
});
