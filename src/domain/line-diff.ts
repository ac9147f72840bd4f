/** A line of two texts laid over each other. */
export type DiffLine = { op: ' ' | '-' | '+'; line: string };

/** Beyond so many pairs of lines the parts that differ are shown as taken out and put in as a whole. */
const MAX_PAIRS = 4_000_000;

/** The shortest way from one text to another, line by line. */
export function diffLines(from: readonly string[], to: readonly string[]): DiffLine[] {
  let begin = 0;
  while (begin < from.length && begin < to.length && from[begin] === to[begin]) begin += 1;
  let end = 0;
  while (end < from.length - begin && end < to.length - begin && from.at(-1 - end) === to.at(-1 - end)) end += 1;
  const same = (lines: readonly string[]): DiffLine[] => lines.map((line) => ({ op: ' ', line }));
  const middle = diffMiddle(from.slice(begin, from.length - end), to.slice(begin, to.length - end));
  return [...same(from.slice(0, begin)), ...middle, ...same(from.slice(from.length - end))];
}

function diffMiddle(from: readonly string[], to: readonly string[]): DiffLine[] {
  const all: DiffLine[] = [...from.map((line) => ({ op: '-' as const, line })), ...to.map((line) => ({ op: '+' as const, line }))];
  if (from.length * to.length === 0 || from.length * to.length > MAX_PAIRS) return all;
  const common = commonLengths(from, to);
  const lengthAt = (i: number, j: number): number => common[i * (to.length + 1) + j] ?? 0;
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  for (let [left, right] = [from[0], to[0]]; left !== undefined && right !== undefined; [left, right] = [from[i], to[j]]) {
    if (left === right) lines.push({ op: ' ', line: left });
    else if (lengthAt(i + 1, j) >= lengthAt(i, j + 1)) lines.push({ op: '-', line: left });
    else lines.push({ op: '+', line: right });
    const op = lines.at(-1)?.op;
    if (op !== '+') i += 1;
    if (op !== '-') j += 1;
  }
  return [...lines, ...diffMiddle(from.slice(i), []), ...diffMiddle([], to.slice(j))];
}

/** Of the longest common part of what is left from each pair of lines on. */
function commonLengths(from: readonly string[], to: readonly string[]): Uint32Array {
  const width = to.length + 1;
  const lengths = new Uint32Array((from.length + 1) * width);
  for (let i = from.length - 1; i >= 0; i -= 1) {
    for (let j = to.length - 1; j >= 0; j -= 1) {
      const [down = 0, right = 0, both = 0] = [lengths[(i + 1) * width + j], lengths[i * width + j + 1], lengths[(i + 1) * width + j + 1]];
      lengths[i * width + j] = from[i] === to[j] ? both + 1 : Math.max(down, right);
    }
  }
  return lengths;
}
