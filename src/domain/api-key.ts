/** The part of an API key row that says whether it opens anything. Names as stored. */
export type ApiKeyState = { expires_at: Date | null; revoked_at: Date | null };

/** Not revoked and not expired; a key that expires now is expired. */
export function isUsable(key: ApiKeyState, now: Date): boolean {
  return key.revoked_at === null && (key.expires_at === null || key.expires_at > now);
}
