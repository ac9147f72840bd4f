import { expect, test } from 'vitest';

import type { GreyPicture } from '../../../../src/domain/picture.ts';
import { createLumaStore } from '../../../../src/services/ingest/worker/luma-store.ts';

function grey(value: number, width = 4): GreyPicture {
  return { width, height: 2, data: new Float32Array(2 * width).fill(value) };
}

test('a luma is copied, and its copy outlives the next ones as long as it is held', () => {
  const store = createLumaStore();
  const sample = grey(1);
  const first = store(sample, []);
  sample.data.fill(9);
  expect(first).toEqual(grey(1));
  const second = store(grey(2), [first]);
  expect([first, second]).toEqual([grey(1), grey(2)]);
});

test('memory that nobody holds is used again, for lumas of the same size only', () => {
  const store = createLumaStore();
  const first = store(grey(1), []);
  const second = store(grey(2), [first]);
  expect(store(grey(3), [second]).data).toBe(first.data);
  const wider = store(grey(4, 6), [second]);
  expect(wider).toEqual(grey(4, 6));
  expect(second).toEqual(grey(2));
  // What has another size is not kept for later.
  expect(store(grey(5), []).data).not.toBe(second.data);
});

test('a luma of bytes, and an empty one, come back as they are', () => {
  const store = createLumaStore();
  expect([...store({ width: 2, height: 1, data: Uint8Array.of(0, 255) }, []).data]).toEqual([0, 255]);
  expect(store({ width: 0, height: 0, data: new Float32Array() }, []).data).toHaveLength(0);
});
