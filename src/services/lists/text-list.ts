/** Items of a text that was stored comma-separated; none for a missing or empty text. */
export function splitCommas(text: string | null): string[] {
  return text === null || text === '' ? [] : text.split(',');
}

/** Length of a span in seconds with ms precision; an open end counts as no length. */
export function spanSeconds(start: Date, end: Date | null): number {
  return end === null ? 0 : (end.getTime() - start.getTime()) / 1000;
}
