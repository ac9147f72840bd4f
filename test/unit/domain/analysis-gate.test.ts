import { expect, test } from 'vitest';
import { createAnalysisGate } from '../../../src/domain/analysis-gate.ts';
import type { GateReason } from '../../../src/domain/analysis-gate.ts';

type Script = { motionAt?: number[]; jumpAt?: number[]; personIn?: (offsetMs: number) => boolean };

/** Runs 2 fps samples from 0.5 s on through a gate; gives what was analysed and why. */
function runGate(
  untilMs: number,
  { motionAt = [], jumpAt = [], personIn = () => false }: Script,
): [offsetMs: number, reason: GateReason][] {
  const gate = createAnalysisGate();
  const analysed: [number, GateReason][] = [];
  for (let offsetMs = 500; offsetMs <= untilMs; offsetMs += 500) {
    const { analyse, reason } = gate.decide({
      offsetMs,
      motion: motionAt.includes(offsetMs),
      lightingJump: jumpAt.includes(offsetMs),
    });
    expect(analyse).toBe(reason !== 'none');
    if (!analyse) continue;
    analysed.push([offsetMs, reason]);
    gate.analysed(offsetMs, personIn(offsetMs));
  }
  return analysed;
}

test('a file without motion: its first sample, then a heartbeat each 60 s (§3.4)', () => {
  expect(runGate(125_000, {})).toEqual([
    [500, 'first'],
    [60_500, 'heartbeat'],
    [120_500, 'heartbeat'],
  ]);
});

test('motion is analysed, and for 2 s after it (§3.4)', () => {
  expect(runGate(10_000, { motionAt: [3000] })).toEqual([
    [500, 'first'],
    [3000, 'motion'],
    [3500, 'after_motion'],
    [4000, 'after_motion'],
    [4500, 'after_motion'],
    [5000, 'after_motion'],
  ]);
});

test('the first sample and a lighting jump go before motion (§3.4)', () => {
  expect(runGate(1500, { motionAt: [500, 1000, 1500], jumpAt: [500, 1000] })).toEqual([
    [500, 'first'],
    [1000, 'lighting_jump'],
    [1500, 'motion'],
  ]);
});

test('a person in the last analysed frame is looked at each second (§3.4)', () => {
  const analysed = runGate(8_000, { motionAt: [1000], personIn: (offsetMs) => offsetMs < 6000 });
  expect(analysed.filter(([, reason]) => reason === 'hold').map(([offsetMs]) => offsetMs)).toEqual([4000, 5000, 6000]);
});

test('180 s after the last motion the person is looked at each 10 s (§3.4)', () => {
  const held = runGate(215_000, { motionAt: [1000], personIn: () => true })
    .filter(([, reason]) => reason === 'hold')
    .map(([offsetMs]) => offsetMs);
  expect(held.slice(0, 3)).toEqual([4000, 5000, 6000]);
  expect(held.slice(-5)).toEqual([179_000, 180_000, 190_000, 200_000, 210_000]);
});

test('a person in a file without any motion is held from its first sample on', () => {
  const held = runGate(205_000, { personIn: () => true }).map(([offsetMs]) => offsetMs);
  expect(held.slice(0, 3)).toEqual([500, 1500, 2500]);
  expect(held.slice(-3)).toEqual([179_500, 189_500, 199_500]);
});

test('a heartbeat counts from the last analysed frame, whatever its reason (§3.4)', () => {
  expect(runGate(70_000, { jumpAt: [5000] }).at(-1)).toEqual([65_000, 'heartbeat']);
});

test('frames nobody reports as analysed still leave the heartbeat', () => {
  const gate = createAnalysisGate();
  gate.decide({ offsetMs: 0, motion: false, lightingJump: false });
  expect(gate.decide({ offsetMs: 59_999, motion: false, lightingJump: false }).reason).toBe('none');
  expect(gate.decide({ offsetMs: 60_000, motion: false, lightingJump: false }).reason).toBe('heartbeat');
});
