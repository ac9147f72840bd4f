import { expect, test } from 'vitest';
import { createIdentifier, type IdentifiableSighting } from '../../../../src/domain/household/identify.ts';
import { inheritIds } from '../../../../src/domain/household/inherit-ids.ts';

const HOUR_MS = 3_600_000;

function sighting(vector: number[], atHour: number, parts: Partial<IdentifiableSighting> = {}): IdentifiableSighting {
  return { type: 'person', modelId: 'm', vector, atMs: atHour * HOUR_MS, cropHeightPx: 200, ...parts };
}

function identifier(parts: Partial<Parameters<typeof createIdentifier>[0]> = {}) {
  let next = 0;
  return createIdentifier({ members: [], threshold: 0.85, newId: () => `e${String(++next)}`, ...parts });
}

test('without a sighting there is nobody', () => {
  expect(identifier().entities()).toEqual([]);
});

test('§10.2 cos((1,0),(0.8,0.6)) = 0.8 is a new one at 0.85, and the same at 0.8', () => {
  const strict = identifier();
  strict.identify(sighting([1, 0], 0));
  expect(strict.identify(sighting([0.8, 0.6], 1))).toEqual({ kind: 'entity', entityId: 'e2', similarity: null, uncertain: false });
  const lax = identifier({ threshold: 0.8 });
  lax.identify(sighting([1, 0], 0));
  expect(lax.identify(sighting([0.8, 0.6], 1))).toMatchObject({ entityId: 'e1', similarity: expect.closeTo(0.8) });
  expect(lax.entities()[0]?.vector).toEqual([expect.closeTo(0.9487, 4), expect.closeTo(0.3162, 4)]);
});

test('§10.2 a person is looked for in 24 hours, a vehicle in 30 days, however many entities there were in between', () => {
  for (const [type, hours] of [
    ['person', 24],
    ['vehicle', 720],
  ] as const) {
    const book = identifier();
    book.identify(sighting([1, 0], 0, { type }));
    book.identify(sighting([0, 1], hours - 2, { type }));
    expect(book.identify(sighting([1, 0], hours, { type }))).toMatchObject({ entityId: 'e1' });
    expect(book.identify(sighting([1, 0], 2 * hours + 0.1, { type }))).toMatchObject({ entityId: 'e3' });
    expect(book.entities()).toHaveLength(3);
  }
});

test('§10.2 what looks like two is joined, marked uncertain and changes neither', () => {
  const book = identifier({ threshold: 0.5 });
  book.identify(sighting([1, 0], 0));
  book.identify(sighting([0, 1], 0));
  expect(book.identify(sighting([1, 1], 1))).toMatchObject({ entityId: 'e1', uncertain: true });
  expect(book.entities().map(({ vector }) => vector)).toEqual([
    [1, 0],
    [0, 1],
  ]);
});

test('§10.2 a recognised member never makes an entity; a vehicle is never a member', () => {
  const members = [{ memberId: 7, gallery: [{ modelId: 'm', vector: [1, 0] }] }];
  const book = identifier({ members });
  expect(book.identify(sighting([1, 0.01], 0))).toMatchObject({ kind: 'member', memberId: 7 });
  expect(book.entities()).toEqual([]);
  expect(book.identify(sighting([1, 0], 0, { type: 'vehicle' }))).toMatchObject({ kind: 'entity', entityId: 'e1' });
});

test('a gallery of another model or length recognises nobody', () => {
  const gallery = [
    { modelId: 'other', vector: [1, 0] },
    { modelId: 'm', vector: [1, 0, 0] },
  ];
  expect(identifier({ members: [{ memberId: 7, gallery }] }).identify(sighting([1, 0], 0))).toMatchObject({ kind: 'entity' });
});

test('what a user said beats looks, members and the window', () => {
  const members = [{ memberId: 7, gallery: [{ modelId: 'm', vector: [1, 0] }] }];
  const book = identifier({ members });
  book.identify(sighting([0, 1], 0, { pinnedTo: 'mine' }));
  expect(book.identify(sighting([1, 0], 1000, { pinnedTo: 'mine' }))).toEqual({
    kind: 'entity',
    entityId: 'mine',
    similarity: null,
    uncertain: false,
  });
  expect(book.entities()).toMatchObject([{ id: 'mine', sightings: 2, firstSeenMs: 0, lastSeenMs: 1000 * HOUR_MS }]);
});

test('an entity goes by the old id it shares most sightings with', () => {
  const sightings = [
    { now: 'a', before: 'old1' },
    { now: 'a', before: 'old2' },
    { now: 'a', before: 'old2' },
    { now: 'b', before: 'old1' },
    { now: 'c', before: null },
  ];
  const options = { curated: new Set<string>(), fixed: new Set<string>() };
  expect(inheritIds([], options)).toEqual(new Map());
  expect(inheritIds(sightings, options)).toEqual(
    new Map([
      ['a', 'old2'],
      ['b', 'old1'],
    ]),
  );
  expect(inheritIds(sightings, { ...options, curated: new Set(['old1']) })).toEqual(new Map([['a', 'old1']]));
  expect(inheritIds(sightings, { ...options, fixed: new Set(['old2']) }).get('a')).toBe('old1');
});
