import type { Knex } from 'knex';

import { API_KEY_SCOPES } from '../../domain/enums.ts';
import { addComments, runSql } from './ddl.ts';

export async function up(knex: Knex): Promise<void> {
  await runSql(knex, TABLE);
  await addComments(knex, 'api_keys', {
    table: 'Keys for the commands that open a port.',
    columns: {
      prefix: 'first characters, shown in lists',
      key_hash: 'SHA-256 of the key in hex; the key itself is shown once and never stored',
    },
  });
}

export async function down(knex: Knex): Promise<void> {
  await runSql(knex, 'DROP TABLE api_keys');
}

const TABLE = `
  CREATE TABLE api_keys (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name varchar(100) NOT NULL,
    prefix varchar(16) NOT NULL,
    key_hash varchar(64) NOT NULL,
    scopes text[] NOT NULL DEFAULT '{read}',
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    last_used_at timestamptz(3),
    expires_at timestamptz(3),
    revoked_at timestamptz(3),
    CONSTRAINT ck_api_keys_hash CHECK (key_hash ~ '^[0-9a-f]{64}$'),
    CONSTRAINT ck_api_keys_scopes
      CHECK (cardinality(scopes) > 0 AND scopes <@ ARRAY[${API_KEY_SCOPES.map((scope) => `'${scope}'`).join(', ')}]),
    CONSTRAINT ck_api_keys_expiry CHECK (expires_at > created_at)
  );
  CREATE UNIQUE INDEX uq_api_keys_key_hash ON api_keys (key_hash);
  CREATE INDEX idx_api_keys_prefix ON api_keys (prefix)`;
