/** Control, zero-width and direction characters, halves of pairs, line and paragraph ends. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** What could end a fence, open markup or look like a template. */
const MARKUP = /[<>`{}[\]|\\]/g;
const NAME_CHARS = 64;
const PLATE_CHARS = 12;

/** Text of others as it may stand in a prompt: one plain line, cut. What it says is still theirs: it belongs inside a fence. */
export function sanitise(text: string, maxChars = NAME_CHARS): string {
  const plain = text.normalize('NFKC').replace(UNSEEN, ' ').replace(MARKUP, ' ').replace(/\s+/g, ' ').trim();
  return Array.from(plain).slice(0, maxChars).join('').trimEnd();
}

/** A plate as it may stand in a prompt: letters and digits only. */
export function sanitisePlate(text: string): string {
  return text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')
    .slice(0, PLATE_CHARS);
}
