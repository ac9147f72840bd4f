import { describe, expect, test } from 'vitest';

import { similarityOf, toUnit, trackAppearance } from '../../../../src/domain/household/appearance.ts';
import type { Appearance } from '../../../../src/domain/household/appearance.ts';
import { matchMember } from '../../../../src/domain/household/match-member.ts';
import { matchVehicle } from '../../../../src/domain/household/match-vehicle.ts';
import { plateSimilarity } from '../../../../src/domain/household/plate-similarity.ts';
import { seededRandom, shuffle } from '../make-detections.ts';

function look(vector: number[], modelId = 'reid'): Appearance {
  return { modelId, vector };
}

/** A vector whose cosine with (1, 0) is as given. */
function atCosine(cosine: number, modelId = 'reid'): Appearance {
  return look([cosine, Math.sqrt(1 - cosine * cosine)], modelId);
}

const SEEN = look([1, 0]);

test.each([
  [[1, 0], [0.8, 0.6], 0.8],
  [[1, 0], [2, 0], 1],
  [[1, 0], [-3, 0], -1],
  [[1, 0], [0, 5], 0],
  [[0, 0], [1, 0], 0],
  [[], [], 0],
])('the cosine of %j and %j is %d (§10.2)', (a, b, cosine) => {
  expect(similarityOf(look(a), look(b))).toBeCloseTo(cosine, 12);
});

test('vectors of different models or lengths are not compared (§10.1)', () => {
  expect(similarityOf(look([1, 0]), look([1, 0], 'other'))).toBeNull();
  expect(similarityOf(look([1, 0]), look([1, 0, 0]))).toBeNull();
});

test('the cosine is symmetric, within ±1, and the same at any length', () => {
  const random = seededRandom(6);
  const vector = () => Array.from({ length: 64 }, () => random() - 0.5);
  for (let run = 0; run < 200; run += 1) {
    const [a, b] = [vector(), vector()];
    const cosine = similarityOf(look(a), look(b))!;
    expect(similarityOf(look(b), look(a))).toBe(cosine);
    expect(Math.abs(cosine)).toBeLessThanOrEqual(1);
    expect(similarityOf(look(a.map((value) => value * 7)), look(toUnit(b)))).toBeCloseTo(cosine, 12);
  }
});

test('a track looks like the mean of its five best crops of at least 96 px (§10.1)', () => {
  const crop = (vector: number[], heightPx: number, quality: number) => ({ ...look(vector), heightPx, quality });
  expect(trackAppearance([])).toBeNull();
  expect(trackAppearance([crop([1, 0], 95.9, 9)])).toBeNull();
  expect(trackAppearance([crop([3, 4], 96, 1)])?.vector).toEqual([0.6, 0.8]);
  const five = Array.from({ length: 5 }, (_, i) => crop(i % 2 === 0 ? [1, 0] : [1, 0.001], 200, 10 + i));
  const best = trackAppearance([crop([0, 1], 300, 1), crop([0, 1], 90, 99), ...five])!;
  expect(best.vector[0]).toBeGreaterThan(0.999);
  // A long vector counts no more than a short one.
  expect(trackAppearance([crop([100, 0], 200, 2), crop([0, 1], 200, 1)])?.vector).toEqual(toUnit([1, 1]));
  expect(trackAppearance([crop([1, 0], 200, 2), { ...crop([0, 1], 200, 1), modelId: 'other' }])?.vector).toEqual([1, 0]);
});

describe('members (§10.1)', () => {
  const member = (memberId: number, ...cosines: number[]) => ({ memberId, gallery: cosines.map((cosine) => atCosine(cosine)) });

  test.each([
    ['no members', [], { kind: 'none', similarity: null }],
    ['a member without pictures', [member(1)], { kind: 'none', similarity: null }],
    ['one below the threshold', [member(1, 0.8499)], { kind: 'none', similarity: 0.8499 }],
    ['one at the threshold', [member(1, 0.85)], { kind: 'member', memberId: 1, similarity: 0.85 }],
    ['the best of a gallery', [member(1, 0.2, 0.9, 0.5)], { kind: 'member', memberId: 1, similarity: 0.9 }],
    ['another just 0.03 less', [member(1, 0.92), member(2, 0.95)], { kind: 'member', memberId: 2, similarity: 0.95 }],
    ['another 0.029 less', [member(1, 0.901), member(2, 0.93)], { kind: 'ambiguous', memberIds: [2, 1], similarity: 0.93 }],
    ['another below the threshold', [member(1, 0.84), member(2, 0.86)], { kind: 'ambiguous', memberIds: [2, 1], similarity: 0.86 }],
    ['two pictures of the same one', [member(1, 0.93, 0.929)], { kind: 'member', memberId: 1, similarity: 0.93 }],
    ['two alike', [member(7, 0.95), member(3, 0.95)], { kind: 'ambiguous', memberIds: [3, 7], similarity: 0.95 }],
  ])('%s', (_, members, expected) => {
    const found = matchMember(SEEN, members);
    expect({ ...found, similarity: found.similarity === null ? null : Number(found.similarity.toFixed(9)) }).toEqual(expected);
    expect(matchMember(SEEN, shuffle(members, seededRandom(1)))).toEqual(found);
  });

  test('the model’s own threshold counts; pictures of another model do not', () => {
    expect(matchMember(SEEN, [member(1, 0.7)], 0.65).kind).toBe('member');
    expect(matchMember(SEEN, [{ memberId: 1, gallery: [atCosine(1, 'other')] }])).toEqual({ kind: 'none', similarity: null });
  });
});

test.each([
  ['', '', 0],
  ['', 'AB123', 0],
  ['ab-123 c', 'AB123C', 1],
  ['A0B1C', 'AOBIC', 0.95],
  ['B52SZ', '85252', 0.95],
  ['A0B1', 'AOBI', 0],
  ['AB123', 'AB124', 0],
  ['AB123', 'AB1234', 0],
])('plates %j and %j are similar by %d (§10.1)', (a, b, similarity) => {
  expect(plateSimilarity(a, b)).toBe(similarity);
  expect(plateSimilarity(b, a)).toBe(similarity);
});

describe('vehicles (§10.1)', () => {
  const vehicle = (vehicleId: number, plate: string | null, cosine?: number) => ({
    vehicleId,
    plate,
    appearance: cosine === undefined ? null : atCosine(cosine),
  });

  test.each([
    ['no vehicles', 'AB123C', [], null],
    ['nothing alike', 'AB123C', [vehicle(1, 'XY999Z', 0.2), vehicle(2, null)], null],
    ['the plate', 'ab 123-c', [vehicle(1, 'AB123C'), vehicle(2, 'XY999Z', 1)], { vehicleId: 1, by: 'plate', similarity: 1 }],
    ['a plate misread', 'A8123C', [vehicle(1, 'AB123C'), vehicle(2, null, 1)], { vehicleId: 1, by: 'plate', similarity: 0.95 }],
    [
      'the same plate before one misread',
      'AB123C',
      [vehicle(1, 'A8123C'), vehicle(2, 'AB123C')],
      { vehicleId: 2, by: 'plate', similarity: 1 },
    ],
    ['two with the same plate', 'AB123C', [vehicle(1, 'AB123C', 1), vehicle(2, 'AB123C')], null],
    ['two misread alike', 'A8123C', [vehicle(1, 'AB123C'), vehicle(2, 'AB1Z3C'), vehicle(3, 'ABI23C')], null],
    ['no plate read', null, [vehicle(1, 'AB123C', 0.9), vehicle(2, 'XY999Z', 0.88)], { vehicleId: 1, by: 'appearance', similarity: 0.9 }],
    ['a plate of nobody', 'QQ777Q', [vehicle(1, null, 0.85)], { vehicleId: 1, by: 'appearance', similarity: 0.85 }],
    ['below the threshold', null, [vehicle(1, null, 0.8499)], null],
    ['two that look the same', null, [vehicle(1, null, 0.9), vehicle(2, null, 0.9)], null],
  ])('%s', (_, plate, vehicles, expected) => {
    const found = matchVehicle({ plate, appearance: SEEN }, vehicles);
    expect(found && { ...found, similarity: Number(found.similarity.toFixed(9)) }).toEqual(expected);
    expect(matchVehicle({ plate, appearance: SEEN }, vehicles.toReversed())).toEqual(found);
  });

  test('without plate and look there is nothing to go by', () => {
    expect(matchVehicle({ plate: null, appearance: null }, [vehicle(1, '', 1), vehicle(2, null)])).toBeNull();
    expect(matchVehicle({ plate: ' - ', appearance: null }, [vehicle(1, '')])).toBeNull();
  });
});
