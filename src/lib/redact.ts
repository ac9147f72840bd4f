const STARS = '***';
const SECRET_NAME = /pass(word|wd|phrase)?$|secret|token|api[-_]?key|credential/i;
const SECRET_PARAMETER = /([?&](?:password|passwd|pass|token|sslpassword|api_?key|secret)=)[^&\s#'"]*/gi;
/** Greedy up to the last `@`: a password typed without escaping may hold `/`, `?` or `@`. */
const USER_INFO = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s'"]*@/gi;
const SHORTEST_SECRET = 3;

/** Text without URL user-info, secret query parameters and the given secrets; the rest stays readable. */
export function redactText(text: string, secrets: readonly string[] = []): string {
  const known = secrets.filter((secret) => secret.length >= SHORTEST_SECRET);
  const cleared = known.reduce((rest, secret) => rest.replaceAll(secret, STARS), text);
  return cleared.replace(USER_INFO, `$1${STARS}@`).replace(SECRET_PARAMETER, `$1${STARS}`);
}

/** A copy of `value` in which passwords, keys and URL user-info are `***`, at any depth. */
export function redact(value: unknown): unknown {
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) return value.map((item) => redact(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, SECRET_NAME.test(key) && inner !== undefined ? STARS : redact(inner)]),
  );
}

/** The secrets a database URL holds, as typed and decoded, longest first; for a URL that cannot be parsed everything before its last `@`. */
export function secretsOfUrl(url: string): string[] {
  const userInfo = /[a-z][a-z0-9+.-]*:\/\/(.*)@/i.exec(url)?.[1];
  const typed = userInfo?.replace(/^[^:]*:?/, '') ?? '';
  const parameters = [...url.matchAll(SECRET_PARAMETER)].map((found) => found[0].replace(/^[^=]*=/, ''));
  const all = [typed, ...parameters].filter((secret) => secret !== '').flatMap((secret) => [secret, decoded(secret)]);
  return [...new Set(all)].sort((a, b) => b.length - a.length);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
