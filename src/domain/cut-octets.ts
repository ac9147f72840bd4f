const MAX_UTF8_BYTES_PER_UNIT = 3;

/**
 * The longest prefix of at most `maxOctets` octets of UTF-8 that ends at a code point. When text is cut and `ellipsis` is
 * given, it is appended and counts; one that does not fit is left out.
 */
export function cutOctets(text: string, maxOctets: number, ellipsis = ''): string {
  const whole = prefixOf(text, maxOctets);
  if (whole === text || ellipsis === '') return whole;
  const room = maxOctets - new TextEncoder().encode(ellipsis).length;
  return room < 0 ? whole : prefixOf(text, room) + ellipsis;
}

function prefixOf(text: string, maxOctets: number): string {
  const room = Math.max(0, Math.min(Math.floor(maxOctets), text.length * MAX_UTF8_BYTES_PER_UNIT)) || 0;
  return text.slice(0, new TextEncoder().encodeInto(text, new Uint8Array(room)).read);
}
