/**
 * JSON text that PostgreSQL takes as jsonb, which holds neither NUL characters (they are left out) nor halves of a character pair
 * (each becomes U+FFFD). JSON.stringify writes both as escapes and only those; a backslash in the text comes as two.
 */
export function storableJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(/\\(u0000|ud[89a-f][\da-f]{2}|.)/g, (escape, code: string) => {
    if (code === 'u0000') return '';
    return code.startsWith('ud') ? '\ufffd' : escape;
  });
}
