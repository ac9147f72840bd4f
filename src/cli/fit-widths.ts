const NARROWEST_COLUMN = 16;

/**
 * Column widths that fit `total` columns with `gap` between them: the widest give way first, none below 16 unless its content is shorter.
 * Undefined when even that does not fit.
 */
export function fitWidths(natural: readonly number[], total: number, gap: number): number[] | undefined {
  const available = total - gap * Math.max(0, natural.length - 1);
  const least = natural.map((width) => Math.min(width, NARROWEST_COLUMN));
  if (sum(least) > available) return undefined;
  if (sum(natural) <= available) return [...natural];
  let cap = Math.max(...natural);
  while (sum(capped(natural, cap)) > available) cap--;
  return shareRest(capped(natural, cap), natural, available);
}

function capped(natural: readonly number[], cap: number): number[] {
  return natural.map((width) => Math.min(width, Math.max(cap, NARROWEST_COLUMN)));
}

/** Columns left over by the whole-number cap go to the first cut columns. */
function shareRest(widths: readonly number[], natural: readonly number[], available: number): number[] {
  let rest = available - sum(widths);
  return widths.map((width, index) => {
    if (rest <= 0 || width >= (natural[index] ?? 0)) return width;
    rest--;
    return width + 1;
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
