import { counted } from '../lib/counted.ts';
import { formatProgress } from './format-progress.ts';
import { createProblemList } from './problem-list.ts';
import { createProgressLine } from './progress-line.ts';

type Tally = { finished: number; taken: number; found: number; frames: number; finishedFootageMs: number };
type Progress = {
  tally: Tally;
  stage: 'reading' | 'listing' | 'analysing' | 'deriving' | 'enriching' | 'scoring';
  startedAtMs: number;
  entries?: number;
};
type Problem = { path: string; status: string; code: string; message: string };

type IngestViewOptions = {
  quiet: boolean;
  /** Whether all problems are wanted in the end, or some and their number. */
  allProblems: boolean;
  note: (line: string) => void;
};

/** What people see of a running ingest on stderr, and the problems it met; a file that they may lie in goes with the process. */
export function createIngestView({ quiet, allProblems, note }: IngestViewOptions) {
  const line = createProgressLine({ quiet });
  const problems = createProblemList<Problem>(allProblems);
  return {
    problems,
    onProgress: (progress: Progress): void => {
      line.update(() => progressText(progress));
    },
    onProblem: (problem: Problem): void => {
      problems.add(problem);
    },
    warn: (message: string): void => {
      line.clear();
      note(`warning: ${message}`);
    },
    /** Whether what was printed or written of them is not all. */
    lostProblems: (): string | undefined => {
      const trouble = problems.lost();
      return trouble && `warning: not all problems are told: ${trouble.message}; hs files list --failed has them`;
    },
    close: (): void => {
      line.clear();
    },
  };
}

function progressText({ tally, stage, startedAtMs, entries = 0 }: Progress): string {
  const elapsedMs = Date.now() - startedAtMs;
  if (stage === 'reading') return `reading detections, ${counted(entries, 'file')}`;
  if (stage === 'deriving') return 'deriving tracks and events';
  if (stage === 'enriching') return 'looking at tracks with optional models';
  if (stage === 'scoring') return 'scoring events';
  const seconds = elapsedMs / 1000;
  const extra = seconds > 0 ? [`${(tally.frames / seconds).toFixed(1)} frames/s`] : [];
  if (tally.finishedFootageMs > 0) extra.push(`${(tally.finishedFootageMs / elapsedMs).toFixed(1)}× real time`);
  const total = stage === 'listing' ? undefined : tally.taken;
  const text = formatProgress({ done: tally.finished, total, unit: 'files', elapsedMs, extra });
  return stage === 'listing' ? `listing, ${String(tally.found)} found · ${text}` : text;
}
