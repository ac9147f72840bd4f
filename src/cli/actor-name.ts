import { userInfo } from 'node:os';

/** Who is recorded as having done something: as set, else the user of the operating system. */
export function actorName(actor: string | undefined): string {
  if (actor !== undefined) return actor;
  try {
    return userInfo().username;
  } catch {
    // A user without an entry in the system's list, as in some containers.
    return `uid ${String(process.getuid?.() ?? 'unknown')}`;
  }
}
