import { cutToWidth } from './display-width.ts';
import { visibleText } from './visible-text.ts';

type ProgressOutput = { isTTY?: boolean; columns?: number; write: (text: string) => unknown };

type ProgressLineOptions = {
  /** No output at all. */
  quiet: boolean;
  output?: ProgressOutput;
  now?: () => number;
};

export type ProgressLine = {
  /** Shows the text when it is time to; may be called as often as one likes. */
  update: (text: string | (() => string)) => void;
  /** Removes the line so that something else can be printed; the next update shows it again. */
  clear: () => void;
};

const REWRITE_EVERY_MS = 100;
const REPORT_EVERY_MS = 10_000;
const DEFAULT_COLUMNS = 80;
const ERASE_LINE = '\r\x1b[2K';

/** Progress on stderr: one line rewritten in place on a terminal, otherwise a line every 10 s. */
export function createProgressLine(options: ProgressLineOptions): ProgressLine {
  const { output = process.stderr, now = Date.now } = options;
  if (options.quiet) return { update: () => undefined, clear: () => undefined };
  const isTerminal = output.isTTY === true;
  const everyMs = isTerminal ? REWRITE_EVERY_MS : REPORT_EVERY_MS;
  // A log gets its first line after one interval: short runs need none.
  let dueAtMs = isTerminal ? -Infinity : now() + everyMs;
  let isShown = false;
  return {
    update(text) {
      if (now() < dueAtMs) return;
      dueAtMs = now() + everyMs;
      const line = visibleText(typeof text === 'function' ? text() : text);
      if (isTerminal) output.write(ERASE_LINE + cutToWidth(line, (output.columns ?? DEFAULT_COLUMNS) - 1));
      else output.write(`${line}\n`);
      isShown = isTerminal;
    },
    clear() {
      if (isShown) output.write(ERASE_LINE);
      isShown = false;
      if (isTerminal) dueAtMs = -Infinity;
    },
  };
}
