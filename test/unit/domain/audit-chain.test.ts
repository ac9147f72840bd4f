import { describe, expect, test } from 'vitest';
import { anchorLine, judgeAnchors, parseAnchor, type AuditAnchor } from '../../../src/domain/audit-anchor.ts';
import { BEFORE_FIRST, checkLink, hashAuditRow, type AuditLink, type ChainedRow } from '../../../src/domain/audit-chain.ts';

const HASH = 'ab'.repeat(32);

describe('the hash of a row', () => {
  const hash = (...fields: (string | null)[]): string => hashAuditRow(BEFORE_FIRST, 1, fields);

  test.each([
    ['nothing and an empty text', [null], ['']],
    ['a field cut elsewhere', ['ab', 'c'], ['a', 'bc']],
    ['a field that looks like two', ['1:a,1:b'], ['a', 'b']],
    ['nothing and a dash', [null], ['-']],
    ['characters of several bytes', ['é'], ['e\u0301']],
  ])('differs for %s', (_, one, other) => {
    expect(hash(...one)).not.toBe(hash(...other));
  });

  test('is made from the hash before it and the place', () => {
    expect(hashAuditRow({ sequence: 0, hash: HASH }, 1, ['a'])).not.toBe(hash('a'));
    expect(hashAuditRow(BEFORE_FIRST, 2, ['a'])).not.toBe(hash('a'));
    // printf '64:%s,1:1,1:a,-' "$(printf '0%.0s' $(seq 64))" | sha256sum
    expect(hash('a', null)).toBe('a340b8d336296a6dc47686008e311b60a2a83c78cfa83657ee843cf1d4684fdf');
  });
});

describe('a link', () => {
  const row = (more: Partial<ChainedRow>): ChainedRow => ({
    id: '9',
    sequence: 1,
    hash: hashAuditRow(BEFORE_FIRST, 1, ['a']),
    fields: ['a'],
    ...more,
  });

  test.each<[Partial<ChainedRow>, string | undefined]>([
    [{}, undefined],
    [{ fields: ['b'] }, 'changed'],
    [{ hash: HASH }, 'changed'],
    [{ sequence: 2 }, 'missing'],
    [{ sequence: 0 }, 'repeated'],
    [{ sequence: null }, 'unsealed'],
    [{ hash: null }, 'unsealed'],
  ])('%j: %s', (more, code) => {
    expect(checkLink(BEFORE_FIRST, row(more))?.code).toBe(code);
  });
});

describe('a line of an anchor', () => {
  test('is read as it was written', () => {
    const line = anchorLine({ sequence: 12, hash: HASH }, new Date(0));
    expect(line).toBe(`hs-audit-1 12 ${HASH} 1970-01-01T00:00:00.000Z`);
    expect(parseAnchor(` ${line}\r`)).toEqual({ sequence: 12, hash: HASH });
    expect(parseAnchor(HASH.toUpperCase())).toEqual({ sequence: null, hash: HASH });
  });

  test.each([
    '',
    ' ',
    'anchors.txt',
    HASH.slice(1),
    `${HASH}0`,
    `hs-audit-2 1 ${HASH} 1970-01-01T00:00:00Z`,
    `hs-audit-1 -1 ${HASH} 1970-01-01T00:00:00Z`,
    `hs-audit-1 1 ${HASH}`,
  ])('%j is none', (text) => {
    expect(parseAnchor(text)).toBeUndefined();
  });
});

test('anchors are compared with a chain from its first row to its last', () => {
  const link = (sequence: number): AuditLink => ({ sequence, hash: String(sequence).padStart(64, '0') });
  const judge = judgeAnchors([
    link(2),
    link(3),
    link(4),
    { ...link(4), hash: HASH },
    link(6),
    hashOnly(link(5)),
    hashOnly({ sequence: 0, hash: HASH }),
  ]);
  for (const place of [4, 5]) judge.see(link(place));
  expect(judge.verdicts(link(3), link(5)).map(({ state }) => state)).toEqual([
    'pruned',
    'stands',
    'stands',
    'differs',
    'missing',
    'stands',
    'missing',
  ]);
});

const hashOnly = ({ hash }: AuditLink): AuditAnchor => ({ sequence: null, hash });
