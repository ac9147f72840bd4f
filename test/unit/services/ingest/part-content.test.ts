import { expect, test } from 'vitest';

import { lookedWith } from '../../../../src/services/ingest/process/part-content.ts';
import type { FileToAnalyse } from '../../../../src/services/ingest/worker/analysis-task.ts';

const FILE = { movingCamera: false } as FileToAnalyse;

test('parts are kept under all that decides what is found and noted in them, in whatever order it is set', () => {
  const key = (enrichments: ('image_quality' | 'coco_threats')[], modelFingerprint = 'a', file = FILE): string =>
    lookedWith(file, { modelFingerprint, settings: { enrichments } });
  const same = key(['image_quality', 'coco_threats']);
  expect(key(['coco_threats', 'image_quality'])).toBe(same);
  for (const other of [key([]), key(['image_quality']), key(['image_quality', 'coco_threats'], 'b')]) expect(other).not.toBe(same);
  expect(key(['image_quality', 'coco_threats'], 'a', { ...FILE, movingCamera: true })).not.toBe(same);
});
