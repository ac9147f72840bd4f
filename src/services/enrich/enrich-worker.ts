import { UnavailableError } from '../../errors/hs-error.ts';
import { serveTasks } from '../../inference/serve-tasks.ts';
import { enlargeBox } from '../../domain/enrichment/threats.ts';
import { decodeStill } from '../../media/decode-still.ts';
import { MediaError } from '../../media/media-error.ts';
import { readCrops } from '../entities/read-crops.ts';
import type { EnrichInit, EnrichResult, EnrichTask } from './enrich-task.ts';
import { trackEnrichment } from './track-enrichments.ts';
import type { CropReader } from './track-enrichment.ts';

/** Program of one worker process: reads crops from the footage again and looks at them with the models of the stages. */
serveTasks<EnrichInit, EnrichTask, EnrichResult>({
  start(init) {
    const readers = new Map<string, Promise<CropReader<unknown>>>();
    const readerOf = (name: string): Promise<CropReader<unknown>> => {
      const reader = readers.get(name) ?? openReader(init, name);
      readers.set(name, reader);
      return reader;
    };
    return Promise.resolve(async (task, note) =>
      lookAtFile(task, {
        reader: await readerOf(task.name),
        init,
        note: () => {
          note(task.name);
        },
      }),
    );
  },
});

function openReader({ stages, device }: EnrichInit, name: string): Promise<CropReader<unknown>> {
  const model = stages.find((stage) => stage.name === name)?.model;
  if (model === undefined) throw new RangeError(`no model was given for ${name}`);
  return trackEnrichment(name).open(model, device);
}

type Look = { reader: CropReader<unknown>; init: EnrichInit; note: () => void };

async function lookAtFile({ name, rows }: EnrichTask, { reader, init, note }: Look): Promise<EnrichResult> {
  const { margin } = trackEnrichment(name).trigger;
  const looked: EnrichResult['looked'] = [];
  const crops = readCrops(rows, {
    tools: () => (init.tools === undefined ? Promise.reject(noFfmpeg()) : Promise.resolve(init.tools)),
    scaleTo: (crop) => reader.planInput(crop),
    readStill: async (file) => (await decodeStill(file, (original) => original)).picture,
    cutOut: (box) => enlargeBox(box, margin),
    signal: new AbortController().signal,
  });
  try {
    for await (const crop of crops) {
      looked.push({ index: rows.indexOf(crop.row), result: await reader.read(crop) });
      note();
    }
    return { looked };
  } catch (error) {
    if (!(error instanceof MediaError)) throw error;
    return { looked, problem: { code: error.code, message: error.message } };
  }
}

function noFfmpeg(): UnavailableError {
  return new UnavailableError('ffmpeg_missing', 'no ffmpeg was found to decode videos with');
}
