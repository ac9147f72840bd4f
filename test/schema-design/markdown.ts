/** Cells of the rows of the first table in `lines`, without its head. */
export function tableRows(lines: readonly string[]): string[][] {
  const start = lines.findIndex((line) => line.startsWith('| ---'));
  if (start < 0) return [];
  const rows: string[][] = [];
  for (const line of lines.slice(start + 1)) {
    if (!line.startsWith('|')) break;
    rows.push(
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  }
  return rows;
}

/** Items of the list points that begin with a word, separated by ` · ` and going on in lines that begin with it. */
export function listItems(lines: readonly string[], word: string): string[] {
  const items: string[] = [];
  let inside = false;
  for (const line of lines) {
    const point = new RegExp(`^- ${word}(?: \\([^)]*\\))?: (.*)$`).exec(line);
    inside = point !== null || (inside && line.startsWith(' · '));
    if (inside) items.push(...(point?.[1] ?? line).split(' · '));
  }
  return items.map((item) => item.trim()).filter((item) => item !== '');
}

/** Texts between backticks. */
export function codes(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1]!);
}

/** Lines between the heading that begins with `from` and the next one that begins with `to`. */
export function linesBetween(lines: readonly string[], from: string, to: string): string[] {
  const start = lines.findIndex((line) => line.startsWith(from));
  const length = lines.slice(start + 1).findIndex((line) => line.startsWith(to));
  if (start < 0 || length < 0) throw new Error(`the design has no part from "${from}" to "${to}"`);
  return lines.slice(start + 1, start + 1 + length);
}

export function splitList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
