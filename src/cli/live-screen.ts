import { sleep } from '../lib/sleep.ts';
import { cutToWidth } from './display-width.ts';

type ScreenOutput = { columns?: number; rows?: number; write: (text: string) => unknown };

type LiveScreen = {
  /** Shows these lines in place of the ones before; what does not fit is left out. */
  show: (text: string) => void;
  /** Gives the terminal back as it was. May be called again. */
  close: () => void;
};

// xterm's other screen: what stood on the terminal comes back in the end.
const ENTER = '\x1b[?1049h\x1b[?25l';
const LEAVE = '\x1b[?25h\x1b[?1049l';
const HOME = '\x1b[H';
const ERASE_TO_END_OF_LINE = '\x1b[K';
const ERASE_BELOW = '\x1b[J';
const DEFAULT_ROWS = 24;
const DEFAULT_COLUMNS = 80;

type ShowLiveOptions = { draw: () => Promise<string>; intervalMs: number; signal: AbortSignal; output?: ScreenOutput };

/** Draws on the whole terminal, again and again until the signal aborts or drawing fails. */
export async function showLive({ draw, intervalMs, signal, output }: ShowLiveOptions): Promise<void> {
  const screen = openLiveScreen(output);
  try {
    while (!signal.aborted) {
      screen.show(await draw());
      await sleep(intervalMs, signal);
    }
  } finally {
    screen.close();
  }
}

/** The whole terminal for a view that is drawn again and again. Lines are overwritten, not erased first: nothing flickers. */
export function openLiveScreen(output: ScreenOutput = process.stdout): LiveScreen {
  let isOpen = true;
  output.write(ENTER);
  const close = (): void => {
    if (isOpen) output.write(LEAVE);
    isOpen = false;
    process.off('exit', close);
  };
  // Also where a second Ctrl-C ends the process at once.
  process.on('exit', close);
  return {
    show(text) {
      const { rows = DEFAULT_ROWS, columns = DEFAULT_COLUMNS } = output;
      const lines = fitRows(text.replace(/\n$/, '').split('\n'), rows).map((line) => cutLine(line, columns) + ERASE_TO_END_OF_LINE);
      output.write(HOME + lines.join('\r\n') + ERASE_BELOW);
    },
    close,
  };
}

/** Lines for a terminal of so many rows: where there are more, the last one says how many are missing. */
export function fitRows(lines: readonly string[], rows: number): string[] {
  if (lines.length <= rows) return [...lines];
  const shown = Math.max(0, rows - 1);
  return [...lines.slice(0, shown), `… ${String(lines.length - shown)} more lines`];
}

/** A line with styles is made to fit by whoever wrote it: cut in the middle it would lose the end of a style. */
function cutLine(line: string, columns: number): string {
  return line.includes('\x1b') ? line : cutToWidth(line, columns);
}
