import type { Terminal } from './terminal.ts';

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;

/** A bar of at most `width` columns for a share from 0 to 1; what is not nothing shows. */
export function barText(share: number, width: number, { isUnicode }: Pick<Terminal, 'isUnicode'>): string {
  if (!(share > 0)) return '';
  const filled = Math.min(1, share) * width;
  if (!isUnicode) return '#'.repeat(Math.max(1, Math.round(filled)));
  const eighths = Math.max(1, Math.round(filled * 8));
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
}
