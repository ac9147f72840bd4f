import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';

import { UnavailableError } from '../../errors/hs-error.ts';

/** Account the server runs as. Undefined ids: our own, which is every case but root's. */
export type ServerAccount = { name: string; uid: number; gid: number };

const FALLBACK_NAMES = ['hs', 'postgres', 'nobody'];

/** PostgreSQL refuses to run as root: picks the account it runs as instead. Undefined when we are not root. */
export function findServerAccount(wantedName: string | undefined): ServerAccount | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readAccounts();
  if (wantedName !== undefined) {
    const wanted = accounts.get(wantedName);
    if (wanted !== undefined && wanted.uid !== 0) return wanted;
    throw new UnavailableError('no_server_account', `there is no unprivileged account "${wantedName}" to run PostgreSQL as`, {
      hint: 'name another with database.pg_user (HS_DATABASE_PG_USER), or set database.url',
    });
  }
  const found = FALLBACK_NAMES.map((name) => accounts.get(name)).find((account) => account !== undefined);
  if (found !== undefined) return found;
  throw new UnavailableError(
    'no_server_account',
    `hs runs as root, and PostgreSQL refuses to; none of the accounts ${FALLBACK_NAMES.join(', ')} exists to run it as`,
    { hint: 'name an account with database.pg_user (HS_DATABASE_PG_USER), or set database.url' },
  );
}

function readAccounts(): Map<string, ServerAccount> {
  const accounts = new Map<string, ServerAccount>();
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (name && uid && gid) accounts.set(name, { name, uid: Number(uid), gid: Number(gid) });
  }
  return accounts;
}

/** Refuses a store below a folder that the server's account cannot enter, such as root's own 0700 home. */
export function assertEnterable(folder: string, account: ServerAccount | undefined): void {
  if (account === undefined) return;
  const blocked = findBlockedParent(folder, account);
  if (blocked === undefined) return;
  throw new UnavailableError(
    'store_not_enterable',
    `hs runs as root, so PostgreSQL runs as ${account.name}, which cannot enter ${blocked}`,
    { hint: 'put the store elsewhere (HS_HOME=/var/lib/hs), or set database.url' },
  );
}

function findBlockedParent(folder: string, account: ServerAccount): string | undefined {
  let parent = path.dirname(path.resolve(folder));
  for (;;) {
    if (!canEnter(parent, account)) return parent;
    const next = path.dirname(parent);
    if (next === parent) return undefined;
    parent = next;
  }
}

function canEnter(folder: string, account: ServerAccount): boolean {
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (stat === undefined) return true; // made by us later, enterable
  if (stat.uid === account.uid) return (stat.mode & 0o100) !== 0;
  if (stat.gid === account.gid) return (stat.mode & 0o010) !== 0;
  return (stat.mode & 0o001) !== 0;
}
