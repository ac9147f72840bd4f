import { rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { parseSampleMode } from '../../src/domain/sampling.ts';
import { locateFfmpeg } from '../../src/media/ffmpeg/locate-ffmpeg.ts';
import { positiveNumber } from '../measure/positive-number.ts';
import { printFigures } from '../measure/print-figures.ts';
import { makeTempFolder } from '../product/hs.ts';
import { compare, measureCeiling } from './compare.ts';
import { prepareStills, prepareVideos, type PreparedFootage } from './prepare-footage.ts';

/** What the product must reach of the raw ceiling. */
const BARS = { images: 0.85, video: 0.8 };

type Options = {
  images?: string;
  video?: string;
  model: string;
  modelName?: string;
  inputSize: number;
  workers: number;
  count: number;
  videoCopies: number;
  rounds: number;
  sample?: string;
  timeout: number;
  ceilingOnly: boolean;
};

const program = new Command('bench/ingest')
  .description('Ingest throughput as a ratio to decode + ONNX session run on the same files in the same run')
  .option('--images <folder>', 'folder of pictures')
  .option('--video <folder>', 'folder of videos')
  .requiredOption('--model <file>', 'ONNX file that hs has a card for')
  .option('--model-name <name>', 'name of that card (default: name of the file)')
  .option('--input-size <px>', 'side of the model input', positiveNumber, 416)
  .option('--workers <n>', 'processes on both sides', positiveNumber, 2)
  .option('--count <n>', 'pictures to make out of those in --images', positiveNumber, 1000)
  .option('--video-copies <n>', 'times each video of --video is taken', positiveNumber, 4)
  .option('--rounds <n>', 'product and ceiling take turns this often', positiveNumber, 3)
  .option('--sample <mode>', 'sampling of videos (default: that of hs)')
  .option('--timeout <s>', 'limit of one product run', positiveNumber, 900)
  .option('--ceiling-only', 'leave the product out', false);

const options = program.parse().opts<Options>();
if (!options.images && !options.video) program.error('give --images, --video or both');

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const plan = parseSampleMode(options.sample ?? 'motion') ?? program.error(`--sample ${options.sample}: not a sampling mode`);
const tools = await locateFfmpeg({ ...(process.env['HS_FFMPEG'] ? { ffmpeg: process.env['HS_FFMPEG'] } : {}) });
const compareOptions = {
  ceiling: { modelPath: path.resolve(options.model), inputSize: options.inputSize, plan, tools },
  product: {
    modelFile: path.resolve(options.model),
    model: options.modelName ?? path.parse(options.model).name,
    workers: options.workers,
    timeoutMs: options.timeout * 1000,
    ...(options.sample ? { sample: options.sample } : {}),
  },
  rounds: options.rounds,
  say,
};

async function benchOne(kind: keyof typeof BARS, prepare: (folder: string) => Promise<PreparedFootage>): Promise<boolean> {
  const folder = await makeTempFolder(kind);
  try {
    const footage = await prepare(folder);
    say(`${kind}: ${footage.tasks.length} files, ${options.workers} workers`);
    const result = await (options.ceilingOnly ? measureCeiling : compare)(footage, compareOptions);
    printFigures(result.rows);
    if (options.ceilingOnly) return true;
    process.stdout.write(
      `${kind}: ${result.throughputRatio} of the ceiling's throughput (bar ${BARS[kind]}), ${result.cpuRatio} by CPU time\n\n`,
    );
    return result.throughputRatio >= BARS[kind];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const [loadBefore = 0] = os.loadavg();
if (loadBefore > 0.5) say(`this machine is busy (load ${loadBefore.toFixed(1)}): trust the CPU times, not the wall times`);

const { images, video } = options;
const passed: boolean[] = [];
if (images) passed.push(await benchOne('images', (folder) => prepareStills(images, folder, options.count)));
if (video) passed.push(await benchOne('video', (folder) => prepareVideos(video, folder, { tools, copies: options.videoCopies })));
process.exitCode = passed.every(Boolean) ? 0 : 1;
