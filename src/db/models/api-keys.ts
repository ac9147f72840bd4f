import { createHash, randomBytes } from 'node:crypto';

import type { Knex } from 'knex';

import type { ApiKeyScope } from '../../domain/enums.ts';
import { uuidV7 } from '../uuid-v7.ts';

/** One row of `api_keys`, as stored. */
export type ApiKeyRow = {
  id: string;
  name: string;
  /** First characters of the key, for lists. */
  prefix: string;
  /** SHA-256 in hex; the key itself is nowhere. */
  key_hash: string;
  scopes: ApiKeyScope[];
  created_at: Date;
  last_used_at: Date | null;
  expires_at: Date | null;
  revoked_at: Date | null;
};

export type NewApiKey = Pick<ApiKeyRow, 'name'> & { scopes?: readonly ApiKeyScope[]; expires_at?: Date };

const KEY_BYTES = 32;
const PREFIX_CHARACTERS = 8;

/** Makes a key. `key` is to be shown once: it cannot be had again. */
export async function createApiKey(knex: Knex, { name, scopes, expires_at }: NewApiKey): Promise<{ row: ApiKeyRow; key: string }> {
  const key = randomBytes(KEY_BYTES).toString('base64url');
  const [row] = await knex('api_keys')
    .insert({
      id: uuidV7(),
      name,
      prefix: key.slice(0, PREFIX_CHARACTERS),
      key_hash: hashOf(key),
      ...(scopes === undefined ? {} : { scopes: [...scopes] }),
      ...(expires_at === undefined ? {} : { expires_at }),
    })
    .returning<ApiKeyRow[]>('*');
  if (row === undefined) throw new Error('the API key was not inserted');
  return { row, key };
}

/** The row of a key that somebody presents, also when it is revoked or expired: see `isUsable`. */
export async function findApiKey(knex: Knex, key: string): Promise<ApiKeyRow | undefined> {
  return knex<ApiKeyRow>('api_keys')
    .where({ key_hash: hashOf(key) })
    .first();
}

/** False when there is no such key or it is revoked already. */
export async function revokeApiKey(knex: Knex, id: string): Promise<boolean> {
  return (await knex('api_keys').where({ id }).whereNull('revoked_at').update({ revoked_at: knex.fn.now() })) > 0;
}

export async function touchApiKey(knex: Knex, id: string): Promise<void> {
  await knex('api_keys').where({ id }).update({ last_used_at: knex.fn.now() });
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
