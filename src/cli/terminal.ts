import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

export type Terminal = {
  /** Columns of the terminal; Infinity when the output goes to a file or a pipe. */
  width: number;
  isInteractive: boolean;
  /** False on a terminal whose locale is not UTF-8: block characters would come out as rubbish. */
  isUnicode: boolean;
  style: (style: Style, text: string) => string;
};

type Output = { isTTY?: boolean; columns?: number };
type TerminalOptions = { color: boolean; env: Readonly<Record<string, string | undefined>> };

const NARROWEST = 20;

/** What the output can show. Colours only on a terminal, without `--no-color` and with NO_COLOR unset or empty. */
export function toTerminal(output: Output, options: TerminalOptions): Terminal {
  const isInteractive = output.isTTY === true;
  const isColored = isInteractive && options.color && !options.env['NO_COLOR'] && options.env['TERM'] !== 'dumb';
  return {
    // Read anew each time: windows change their size.
    get width() {
      return widthOf(output, options.env['COLUMNS']);
    },
    isInteractive,
    isUnicode: !isInteractive || isUtf8(options.env),
    style: (style, text) => (isColored ? styleText(style, text, { validateStream: false }) : text),
  };
}

/** COLUMNS overrides the terminal's own width, as in other tools; it also narrows piped output, for scripts and tests. */
function widthOf(output: Output, wanted: string | undefined): number {
  const asked = Number(wanted);
  if (Number.isInteger(asked) && asked > 0) return Math.max(NARROWEST, asked);
  return output.isTTY === true ? Math.max(NARROWEST, output.columns ?? 80) : Infinity;
}

/** The first of the variables that is set decides, as in the C library; where none is, terminals of today are taken for UTF-8. */
function isUtf8(env: TerminalOptions['env']): boolean {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'];
  return locale === undefined || locale === '' || /utf-?8/i.test(locale);
}
