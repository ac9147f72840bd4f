import { createDetector } from '../../../inference/detector.ts';
import { serveTasks } from '../../../inference/serve-tasks.ts';
import type { FilePart } from '../../../domain/file-parts.ts';
import type { Device } from '../../../inference/devices.ts';
import { analyseFile } from './analyse-file.ts';
import { analysePart } from './analyse-part.ts';
import type { Analyser } from './analyse-frames.ts';
import { createDecodeAhead } from './decode-ahead.ts';
import { createGreyChain } from './grey-chain.ts';
import { scaleFor } from './open-samples.ts';
import { warmUpChain } from './warm-up-chain.ts';
import type { AnalysisNote, AnalysisSettings, AnalysisTask, TaskSummary } from './analysis-task.ts';

/** Program of one worker process: holds one model session, works through tasks, reports each file as it is finished. */
serveTasks<AnalysisSettings, AnalysisTask, TaskSummary>({
  async start(settings) {
    const analyser = await createAnalyser(settings);
    return (task, note, { part, drain }) => analyseTask(analyser, task, { note, part, drain });
  },
});

async function createAnalyser(settings: AnalysisSettings): Promise<Omit<Analyser, 'decode'>> {
  const { model, device, scoreFloor, nmsIou } = settings;
  const detector =
    model === undefined
      ? undefined
      : await createDetector({
          model,
          device: device as Device,
          scoreFloor,
          ...(nmsIou === undefined ? {} : { nmsIou }),
        });
  return { settings, detector, chain: createGreyChain() };
}

type Talk = { note: (note: AnalysisNote) => void; part: (note: AnalysisNote) => void; drain: AbortSignal };

async function analyseTask(worker: Omit<Analyser, 'decode'>, task: AnalysisTask, talk: Talk): Promise<TaskSummary> {
  const { note, part, drain } = talk;
  const analyser = { ...worker, decode: createDecodeAhead(task.files, scaleFor(worker)) };
  analyser.chain.resume(undefined);
  part({ kind: 'started', device: analyser.detector?.device ?? 'cpu' });
  await warmUpChain(analyser, task, () => {
    note({ kind: 'warming-up' });
  });
  if (task.part !== undefined) return analyseTaskPart(analyser, { ...task, part: task.part }, talk);
  let files = 0;
  for (const file of task.files) {
    if (drain.aborted) break;
    const startedAtMs = performance.now();
    if (files === 0) part({ kind: 'first-file-started', fileId: file.id });
    const analysis = await analyseFile(analyser, file, (frames) => {
      note({ kind: 'frames', fileId: file.id, frames });
    });
    if (analysis.status === 'failed') analyser.chain.dropFile();
    else analyser.chain.endFile(file.startMs + analysis.readableMs);
    files++;
    const analysisMs = Math.round(performance.now() - startedAtMs);
    part({ kind: 'file-finished', fileId: file.id, analysis, analysisMs, nextFileId: task.files[files]?.id });
  }
  return { files };
}

async function analyseTaskPart(
  analyser: Analyser,
  { files: [file], part }: AnalysisTask & { part: FilePart },
  talk: Talk,
): Promise<TaskSummary> {
  if (file === undefined || talk.drain.aborted) return { files: 0 };
  talk.part({ kind: 'first-file-started', fileId: file.id });
  const analysis = await analysePart(analyser, { file, part }, (frames) => {
    talk.note({ kind: 'frames', fileId: file.id, frames });
  });
  return { files: 1, part: analysis };
}
