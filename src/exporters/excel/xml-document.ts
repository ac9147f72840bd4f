/** A part of the package; its names are those of ECMA-376, transitional. */
export function xmlDocument(root: string): string {
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${root}`;
}
