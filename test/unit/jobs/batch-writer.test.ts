import { expect, test, vi } from 'vitest';
import { createBatchWriter } from '../../../src/jobs/batch-writer.ts';

test('nothing added, nothing written', async () => {
  const written: number[][] = [];
  const writer = createBatchWriter<number>({ write: async (lines) => void written.push(lines) });
  await writer.flush();
  await writer.close();
  expect(written).toEqual([]);
});

test('writes in order, a full batch at once, the rest on close', async () => {
  const written: number[][] = [];
  const writer = createBatchWriter<number>({ batchLines: 3, everyMs: 60_000, write: async (lines) => void written.push(lines) });
  for (const n of [1, 2, 3, 4]) writer.add(n);
  await writer.close();
  expect(written.flat()).toEqual([1, 2, 3, 4]);
});

test('writes by the clock without being asked', async () => {
  const written: number[] = [];
  const writer = createBatchWriter<number>({ everyMs: 5, write: async (lines) => void written.push(...lines) });
  writer.add(1);
  await vi.waitFor(() => {
    expect(written).toEqual([1]);
  }, 10_000);
  await writer.close();
});

test('lines that could not be written come with the next batch, and neither add nor close ever throws', async () => {
  const written: number[] = [];
  let isDown = true;
  const writer = createBatchWriter<number>({
    everyMs: 60_000,
    write: async (lines) => {
      if (isDown) throw new Error('database is gone');
      written.push(...lines);
    },
  });
  writer.add(1);
  await writer.flush();
  isDown = false;
  writer.add(2);
  await writer.close();
  expect(written).toEqual([1, 2]);
});

test('keeps a bounded number of lines while writing fails and says how many were lost', async () => {
  const losses: number[] = [];
  const writer = createBatchWriter<number>({
    keptLines: 3,
    everyMs: 60_000,
    write: () => Promise.reject(new Error('database is gone')),
    onDropped: (dropped) => losses.push(dropped),
  });
  for (let n = 0; n < 5; n++) writer.add(n);
  await writer.flush();
  await writer.close();
  expect(losses).toEqual([2, 2]);
});
