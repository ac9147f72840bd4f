import { expect, test } from 'vitest';

import { isUsable } from '../../../src/domain/api-key.ts';

const NOW = new Date('2026-03-01T10:00:00Z');
const BEFORE = new Date(NOW.getTime() - 1);
const AFTER = new Date(NOW.getTime() + 1);

// schema §9: not revoked and not expired
test.each([
  [null, null, true],
  [AFTER, null, true],
  [NOW, null, false],
  [BEFORE, null, false],
  [null, BEFORE, false],
  [null, AFTER, false],
  [AFTER, BEFORE, false],
  [BEFORE, BEFORE, false],
])('a key that expires at %s and was revoked at %s is usable: %s (schema §9)', (expiresAt, revokedAt, usable) => {
  expect(isUsable({ expires_at: expiresAt, revoked_at: revokedAt }, NOW)).toBe(usable);
});
