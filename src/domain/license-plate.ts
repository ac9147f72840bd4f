/** White space, hyphens and dashes of any script. */
const SEPARATORS = /[\s\p{Dash_Punctuation}]+/gu;

/** As plates are stored and compared: capitals without blanks or hyphens. */
export function normalizePlate(plate: string): string {
  return plate.normalize('NFKC').replace(SEPARATORS, '').toUpperCase();
}
