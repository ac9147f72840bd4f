import type { Knex } from 'knex';

import { AUDIT_CHAIN_KEY } from '../lock-keys.ts';
import { addComments, runSql } from './ddl.ts';

/** Seals every audit row in one chain (decision 037). Rows that are there are sealed as they stand, in the order of their ids. */
export async function up(knex: Knex): Promise<void> {
  for (const sql of [COLUMNS, HASH, SEAL, ON_INSERT, SEAL_WHAT_IS_THERE, TRIGGER]) await runSql(knex, sql);
  await addComments(knex, 'audit_logs', {
    columns: {
      sequence: 'place in the chain, from 1 without gaps in the order of commits; null only within the transaction that writes the row',
      hash: 'SHA-256 over the hash before it, the sequence and every other column',
    },
  });
}

export async function down(knex: Knex): Promise<void> {
  await runSql(
    knex,
    `DROP TRIGGER trg_audit_logs_seal ON audit_logs;
     DROP FUNCTION seal_new_audit_log();
     DROP FUNCTION seal_audit_log(bigint);
     DROP FUNCTION audit_log_hash(audit_logs, bigint, text);
     ALTER TABLE audit_logs DROP sequence, DROP hash`,
  );
}

const COLUMNS = `
  ALTER TABLE audit_logs
    ADD sequence bigint,
    ADD hash text,
    ADD CONSTRAINT ck_audit_logs_sequence CHECK (sequence > 0),
    ADD CONSTRAINT ck_audit_logs_hash CHECK (hash ~ '^[0-9a-f]{64}$');
  CREATE UNIQUE INDEX idx_audit_logs_sequence ON audit_logs (sequence)`;

/** A null is \`-\`, all else its length in bytes, a colon and the text: no two rows have the same form. */
const HASH = `
  CREATE FUNCTION audit_log_hash(entry audit_logs, place bigint, previous text) RETURNS text
  LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT encode(sha256(convert_to(string_agg(coalesce(octet_length(field) || ':' || field, '-'), ',' ORDER BY number), 'UTF8')), 'hex')
      FROM unnest(ARRAY[previous, place::text, entry.id::text, extract(epoch FROM entry.timestamp)::text, entry.action, entry.resource_type,
                        entry.resource_id, entry.actor, entry.ip_address, entry.user_agent, entry.details::text, entry.status])
           WITH ORDINALITY AS fields(field, number)
  $$`;

/**
 * The second statement has a snapshot of its own, taken when the lock is held: it sees the row that was sealed last. Its plan is kept for
 * the session, made perhaps when the table was empty: without the settings, or with IS NULL in the update, each row would cost a look at
 * many.
 */
const SEAL = `
  CREATE FUNCTION seal_audit_log(row_id bigint) RETURNS void
  LANGUAGE plpgsql SET search_path FROM CURRENT SET enable_seqscan = off SET enable_sort = off AS $$
  DECLARE
    place bigint;
    previous text;
  BEGIN
    PERFORM pg_advisory_xact_lock(${String(AUDIT_CHAIN_KEY)});
    SELECT sequence, hash INTO place, previous FROM audit_logs WHERE sequence IS NOT NULL ORDER BY sequence DESC LIMIT 1;
    place := coalesce(place, 0) + 1;
    UPDATE audit_logs AS a SET sequence = place, hash = audit_log_hash(a, place, coalesce(previous, repeat('0', 64)))
     WHERE a.id = row_id AND coalesce(a.sequence, 0) = 0;
  END $$`;

const ON_INSERT = `
  CREATE FUNCTION seal_new_audit_log() RETURNS trigger
  LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
  BEGIN
    PERFORM seal_audit_log(NEW.id);
    RETURN NULL;
  END $$`;

const SEAL_WHAT_IS_THERE = `
  DO $$
  DECLARE found bigint;
  BEGIN
    FOR found IN SELECT id FROM audit_logs ORDER BY id LOOP
      PERFORM seal_audit_log(found);
    END LOOP;
  END $$`;

/** Deferred to the commit: the lock is held while one transaction ends, not while it works. */
const TRIGGER = `
  CREATE CONSTRAINT TRIGGER trg_audit_logs_seal AFTER INSERT ON audit_logs
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION seal_new_audit_log()`;
