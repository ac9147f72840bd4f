import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

const instances = z.object({
  images: z.array(z.object({ id: z.int(), file_name: z.string() })),
  annotations: z.array(
    z.object({
      image_id: z.int(),
      category_id: z.int(),
      bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]),
      area: z.number(),
      iscrowd: z.int().default(0),
    }),
  ),
  categories: z.array(z.object({ id: z.int(), name: z.string() })),
});

/** Corners in pixels. */
export type Corners = readonly [x1: number, y1: number, x2: number, y2: number];

/** A true box. A crowd is neither to be found nor an error when found. */
export type Truth = { label: string; box: Corners; isCrowd: boolean };

export type CocoImage = { id: number; path: string; truths: Truth[] };

/** Reads a COCO-format folder: `instances.json` beside its images. */
export async function readCoco(folder: string): Promise<CocoImage[]> {
  const { images, annotations, categories } = instances.parse(JSON.parse(await readFile(path.join(folder, 'instances.json'), 'utf8')));
  const labels = new Map(categories.map(({ id, name }) => [id, name]));
  return images.map(({ id, file_name: fileName }) => ({
    id,
    path: path.join(folder, path.basename(fileName)),
    truths: annotations
      .filter((annotation) => annotation.image_id === id)
      .map(({ category_id: category, bbox: [x, y, width, height], iscrowd }) => ({
        label: labels.get(category) ?? `category ${category}`,
        box: [x, y, x + width, y + height],
        isCrowd: iscrowd === 1,
      })),
  }));
}
