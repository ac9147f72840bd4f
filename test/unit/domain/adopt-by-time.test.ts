import { expect, test } from 'vitest';
import { adoptByTime } from '../../../src/domain/adopt-by-time.ts';

const group = (startedAtMs: number, endedAtMs: number) => ({ batchId: `cam-${String(startedAtMs)}`, startedAtMs, endedAtMs });
const event = (id: number, startedAtMs: number, endedAtMs: number) => ({ id, ...group(startedAtMs, endedAtMs) });

test.each([
  { name: 'nothing to adopt', groups: [], lost: [], adopted: [] },
  { name: 'a group without a lost event stays new', groups: [group(0, 10)], lost: [], adopted: [] },
  { name: 'apart in time', groups: [group(0, 10)], lost: [event(1, 11, 20)], adopted: [] },
  { name: 'touching counts', groups: [group(0, 10)], lost: [event(1, 10, 20)], adopted: [[0, 1]] },
  { name: 'the longer overlap wins', groups: [group(0, 100)], lost: [event(1, 90, 120), event(2, 10, 60)], adopted: [[0, 2]] },
  {
    name: 'the same start wins over a longer overlap',
    groups: [group(0, 100)],
    lost: [event(1, 1, 100), event(2, 0, 5)],
    adopted: [[0, 2]],
  },
  {
    name: 'one to one',
    groups: [group(0, 100), group(50, 60)],
    lost: [event(7, 0, 100)],
    adopted: [[0, 7]],
  },
])('$name', ({ groups, lost, adopted }) => {
  expect([...adoptByTime(groups, lost)]).toEqual(adopted);
});
