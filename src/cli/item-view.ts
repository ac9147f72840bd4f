import { formatProgress } from './format-progress.ts';
import { createProgressLine } from './progress-line.ts';
import { visibleText } from './visible-text.ts';
import { writeNote } from './write-out.ts';

type ItemViewOptions = {
  quiet: boolean;
  /** What is made, e.g. `clips`. */
  unit: string;
};

/** What people see on stderr of work on one item after the other: how far it is, and which ones failed. */
export function createItemView({ quiet, unit }: ItemViewOptions) {
  const line = createProgressLine({ quiet });
  const startedAtMs = Date.now();
  return {
    update: ({ done, total }: { done: number; total: number }): void => {
      line.update(() => formatProgress({ done, total, unit, elapsedMs: Date.now() - startedAtMs }));
    },
    /** A failure is no remark: --quiet does not hide it. */
    fail: (text: string): void => {
      line.clear();
      writeNote(visibleText(text));
    },
    /** Takes the line away before an item is printed. */
    async *cleared<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
      for await (const item of items) {
        line.clear();
        yield item;
      }
    },
    close: (): void => {
      line.clear();
    },
  };
}
