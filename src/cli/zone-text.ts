type Outcome = {
  effect: { motion: readonly string[] };
  derived: { created: number; changed: number; absorbed: number; deleted: number; orphaned: readonly number[] } | undefined;
};

/** What a change of zones did to footage that is there, in lines for people; none where it did nothing. */
export function zoneOutcomeLines({ effect, derived }: Outcome): string[] {
  const lines: string[] = [];
  if (derived !== undefined) {
    const { created, changed, deleted, absorbed, orphaned } = derived;
    const counts = { new: created, changed, gone: deleted + absorbed, 'empty but kept for what was written on them': orphaned.length };
    const parts = Object.entries(counts).filter(([, count]) => count > 0);
    const what = parts.length === 0 ? 'none differs' : parts.map(([name, count]) => `${String(count)} ${name}`).join(', ');
    lines.push(`its events were derived again: ${what}`);
  }
  if (effect.motion.length > 0) {
    lines.push(
      'motion is left out, or counts again, in footage that is analysed from now on; `hs ingest --redo all` analyses known footage again',
    );
  }
  return lines;
}
