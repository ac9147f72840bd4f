type BatchWriterOptions<Line> = {
  write: (lines: Line[]) => Promise<void>;
  /** Told once per loss, with the number of lines dropped so far. */
  onDropped?: (droppedLines: number, reason: unknown) => void;
  everyMs?: number;
  batchLines?: number;
  /** Lines kept while writing fails; beyond this the oldest go. */
  keptLines?: number;
};

export type BatchWriter<Line> = {
  /** Never throws and never waits. */
  add: (line: Line) => void;
  /** Writes what is there; resolves also when that failed. */
  flush: () => Promise<void>;
  /** Last attempt, then stops the clock. */
  close: () => Promise<void>;
};

const EVERY_MS = 1_000;
const BATCH_LINES = 200;
const KEPT_LINES = 5_000;

/** Collects lines and writes them in the background, in order. Lines that cannot be written are tried again with the next batch. */
export function createBatchWriter<Line>(options: BatchWriterOptions<Line>): BatchWriter<Line> {
  const { everyMs = EVERY_MS, batchLines = BATCH_LINES, keptLines = KEPT_LINES } = options;
  let waiting: Line[] = [];
  let dropped = 0;
  let underWay = Promise.resolve();

  const writeWaiting = async (): Promise<void> => {
    const lines = waiting;
    if (lines.length === 0) return;
    waiting = [];
    try {
      await options.write(lines);
    } catch (error) {
      const kept = [...lines, ...waiting].slice(-keptLines);
      dropped += lines.length + waiting.length - kept.length;
      waiting = kept;
      options.onDropped?.(dropped, error);
    }
  };
  const flush = (): Promise<void> => (underWay = underWay.then(writeWaiting));
  const timer = setInterval(() => void flush(), everyMs);
  timer.unref();
  return {
    add: (line) => {
      waiting.push(line);
      if (waiting.length === batchLines) void flush();
    },
    flush,
    close: async () => {
      clearInterval(timer);
      await flush();
    },
  };
}
