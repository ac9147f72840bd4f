import { expect, test } from 'vitest';

import {
  entityFromDetection,
  getEmbeddingModel,
  getEmbeddingVector,
  getTrustStatus,
  isTrusted,
  isUntrusted,
  setEmbedding,
  updateSeen,
} from '../../../src/domain/entity.ts';

// schema §9

test.each([
  ['', 'unknown', false, false],
  ['TRUSTED', 'unknown', false, false],
  [' trusted', 'unknown', false, false],
  ['__proto__', 'unknown', false, false],
  ['unknown', 'unknown', false, false],
  ['trusted', 'trusted', true, false],
  ['untrusted', 'untrusted', false, true],
])('trust status %j reads as %s', (text, status, trusted, untrusted) => {
  const entity = { trust_status: text };
  expect([getTrustStatus(entity), isTrusted(entity), isUntrusted(entity)]).toEqual([status, trusted, untrusted]);
});

test.each([
  ['before the first', 500, 500, 3000],
  ['at the first', 1000, 1000, 3000],
  ['in between', 2000, 1000, 3000],
  ['at the last', 3000, 1000, 3000],
  ['one millisecond after the last', 3001, 1000, 3001],
])('a sighting %s moves only the time it widens, and counts', (_, at, first, last) => {
  const entity = Object.freeze({ first_seen_at: new Date(1000), last_seen_at: new Date(3000), detection_count: 4 });
  expect(updateSeen(entity, new Date(at))).toEqual({ first_seen_at: new Date(first), last_seen_at: new Date(last), detection_count: 5 });
  expect(entity.detection_count).toBe(4);
});

test.each([[[]], [[Number.NaN]], [[1, Infinity]], [new Float32Array([1, -Infinity])]])('the embedding %j is refused', (vector) => {
  expect(() => setEmbedding(vector)).toThrow(RangeError);
});

test('an embedding carries its model and length, and is a copy', () => {
  const vector = [0.5, -1];
  const entity = setEmbedding(vector);
  expect(entity).toEqual({ embedding_vector: { vector: [0.5, -1], model: 'clip', dimension: 2 } });
  vector[0] = 9;
  expect(getEmbeddingVector(entity)).toEqual([0.5, -1]);
  expect(getEmbeddingModel(entity)).toBe('clip');
  expect(getEmbeddingModel(setEmbedding(new Float32Array(3), 'osnet'))).toBe('osnet');
});

test.each([null, undefined, 'text', 5, {}, { vector: 'x', model: 5 }, { vector: [1, 'x'], model: null }, { vector: [1, null] }])(
  'a stored embedding %j has neither vector nor model',
  (stored) => {
    expect(getEmbeddingVector({ embedding_vector: stored })).toBeNull();
    expect(getEmbeddingModel({ embedding_vector: stored })).toBeNull();
  },
);

test('a new entity from a detection is seen once and unknown; without a time the database says when', () => {
  expect(entityFromDetection({ type: 'vehicle' })).toEqual({
    entity_type: 'vehicle',
    trust_status: 'unknown',
    detection_count: 1,
    embedding_vector: null,
    entity_metadata: null,
    primary_detection_id: null,
  });
});

test('a new entity takes what is known of it', () => {
  const at = new Date('2026-01-14T08:15:30.123Z');
  expect(
    entityFromDetection({
      type: 'person',
      detectionId: 7,
      embedding: [1, 0],
      model: 'osnet',
      metadata: { name: 'Ann' },
      trust: 'trusted',
      at,
    }),
  ).toEqual({
    entity_type: 'person',
    trust_status: 'trusted',
    detection_count: 1,
    first_seen_at: at,
    last_seen_at: at,
    embedding_vector: { vector: [1, 0], model: 'osnet', dimension: 2 },
    entity_metadata: { name: 'Ann' },
    primary_detection_id: 7,
  });
  expect(entityFromDetection({ type: 'person', embedding: [1] }).embedding_vector?.model).toBe('clip');
  expect(() => entityFromDetection({ type: 'person', embedding: [] })).toThrow(RangeError);
});
