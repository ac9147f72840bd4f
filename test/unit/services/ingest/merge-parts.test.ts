import { describe, expect, test } from 'vitest';

import type { DecodeReport } from '../../../../src/media/frame-stream.ts';
import { mergeParts } from '../../../../src/services/ingest/process/merge-parts.ts';
import { packPart, unpackPart } from '../../../../src/services/ingest/process/part-content.ts';
import type { AnalysedDetection, FileToAnalyse, PartAnalysis, SceneFacts } from '../../../../src/services/ingest/worker/analysis-task.ts';

const MINUTE = 60_000;
const PLAN = { mode: 'motion', fps: 2 } as const;
const FRAMES = 1_500;
/** Ten minutes at five frames a second, in two parts. */
const FILE: FileToAnalyse = {
  id: 1,
  path: '/f/a.mp4',
  root: '/f',
  mediaType: 'video',
  startMs: 0,
  endMs: 10 * MINUTE,
  durationMs: 10 * MINUTE,
  frameRate: 5,
  containerFrames: 2 * FRAMES,
  width: 64,
  height: 48,
  movingCamera: false,
};
const FAILED: PartAnalysis = { outcome: 'failed', code: 'inference_failed', message: 'the process died', isOfFile: false };
const CRASH = { code: 'inference_failed', message: 'the process died' };

type ReadPart = Extract<PartAnalysis, { outcome: 'read' }>;

function detection(frameIndex: number, offsetMs: number): AnalysedDetection {
  return { label: 'motion', score: 0.5, box: { x: 1, y: 2, width: 3, height: 4 }, frameIndex, offsetMs };
}

function look(offsetMs: number): SceneFacts {
  return { offsetMs, mode: 'day', frame: { width: 64, height: 48 }, passing: [], picture: new Uint8Array([0, 255, 128]) };
}

function readPart(
  index: 0 | 1,
  { report = {}, record = {} }: { report?: Partial<DecodeReport>; record?: Partial<ReadPart['record']> } = {},
): ReadPart {
  const seam = { frames: 5, lastOffsetMs: 5 * MINUTE - 200 };
  return {
    outcome: 'read',
    analysisMs: 10,
    record: {
      detections: [detection(7, index * 5 * MINUTE + 4_000)],
      analysedOffsetsMs: [index * 5 * MINUTE + 500],
      framesLookedAt: 600,
      inferences: 3,
      sceneFacts: [],
      ...record,
    },
    report: {
      decodedFrames: FRAMES,
      lastOffsetMs: (index + 1) * 5 * MINUTE - 200,
      errorLines: 0,
      firstErrors: [],
      endedBy: 'end',
      seams: { before: index === 0 ? { frames: 0 } : seam, end: index === 0 ? seam : { frames: 0 } },
      ...report,
    },
  };
}

describe('parts that all were read', () => {
  test('are one file: frames are numbered on, offsets stay, everything is counted together', () => {
    expect(mergeParts(FILE, PLAN, [readPart(0), readPart(1)])).toEqual({
      status: 'done',
      picture: { width: 64, height: 48 },
      detections: [detection(7, 4_000), detection(607, 304_000)],
      analysedOffsetsMs: [500, 300_500],
      framesExpected: 1_200,
      framesLookedAt: 1_200,
      inferences: 6,
      readableFraction: 1,
      readableMs: 10 * MINUTE,
      sceneFacts: [],
      warnings: [],
    });
  });

  test('keep looks at the view that are a minute apart, also over the border', () => {
    const first = readPart(0, { record: { sceneFacts: [look(500), look(270_500)] } });
    const second = readPart(1, { record: { sceneFacts: [look(300_500), look(360_500)] } });
    expect(mergeParts(FILE, PLAN, [first, second])?.sceneFacts?.map(({ offsetMs }) => offsetMs)).toEqual([500, 270_500, 360_500]);
  });

  test('are judged together: damage that is much of a part may be little of the file, and the other way round', () => {
    const errors = (errorLines: number): PartAnalysis => readPart(1, { report: { errorLines, firstErrors: ['bad block'] } });
    expect(mergeParts(FILE, PLAN, [readPart(0), errors(29)])?.status).toBe('done');
    expect(mergeParts(FILE, PLAN, [readPart(0), errors(30)])).toMatchObject({
      status: 'partial',
      code: 'corrupt_frames',
      message: '30 decoding errors in 3000 frames: bad block',
    });
  });

  test('tell of a video that ends early, whatever the parts after its end saw', () => {
    const nothing = { decodedFrames: 0, lastOffsetMs: undefined } as unknown as Partial<DecodeReport>;
    const torn = readPart(0, {
      report: { decodedFrames: 900, lastOffsetMs: 179_800, seams: { before: { frames: 0 }, end: { frames: 0 } } },
    });
    const seams = { before: { frames: 0 }, end: { frames: 0 } };
    const empty = readPart(1, { report: { ...nothing, seams }, record: { detections: [], analysedOffsetsMs: [], framesLookedAt: 0 } });
    expect(mergeParts(FILE, PLAN, [torn, empty])).toMatchObject({
      status: 'partial',
      code: 'truncated',
      readableMs: 180_000,
      readableFraction: 0.3,
    });
    const lost = readPart(0, { report: { ...nothing, seams }, record: { detections: [], analysedOffsetsMs: [], framesLookedAt: 0 } });
    expect(mergeParts(FILE, PLAN, [lost, empty])).toMatchObject({ status: 'failed', code: 'no_frames' });
  });
});

describe('parts that do not fit together', () => {
  test.each<[string, PartAnalysis[]]>([
    ['none', []],
    ['of a container that does not seek exactly', [{ outcome: 'not-seekable' }, { outcome: 'not-seekable' }]],
    [
      'of which one begins after the seam',
      [readPart(0), readPart(1, { report: { seams: { before: { frames: 0 }, end: { frames: 0 } } } })],
    ],
    [
      'of which one counts the same frames at other times',
      [readPart(0), readPart(1, { report: { seams: { before: { frames: 5, lastOffsetMs: 299_799 }, end: { frames: 0 } } } })],
    ],
  ])('%s: the file is read in one go', (_, parts) => {
    expect(mergeParts(FILE, PLAN, parts)).toBeUndefined();
  });
});

describe('parts that could not be looked at', () => {
  test('make the file a partial one that says why, with what was found elsewhere', () => {
    expect(mergeParts(FILE, PLAN, [readPart(0), FAILED])).toMatchObject({
      status: 'partial',
      code: 'inference_failed',
      message: '1 of 2 parts could not be looked at: the process died',
      detections: [{ frameIndex: 7 }],
      framesExpected: 1_199,
      framesLookedAt: 600,
      readableFraction: 0.5,
      readableMs: 5 * MINUTE,
    });
    expect(mergeParts(FILE, PLAN, [FAILED, readPart(1)])).toMatchObject({
      status: 'partial',
      ...CRASH,
      message: expect.any(String),
      readableMs: 10 * MINUTE,
    });
  });

  test('are the end of the file where nothing is left', () => {
    expect(mergeParts(FILE, PLAN, [FAILED, FAILED])).toMatchObject({ status: 'failed', ...CRASH, detections: [] });
  });

  test('because the file is gone: what was read before does not count', () => {
    const gone: PartAnalysis = { outcome: 'failed', code: 'vanished', message: 'not there any more', isOfFile: true };
    expect(mergeParts(FILE, PLAN, [readPart(0), gone])).toMatchObject({ status: 'failed', code: 'vanished', detections: [] });
  });
});

test('a stored part is what it was, with its pictures', () => {
  const part = readPart(0, {
    record: { sceneFacts: [look(500)], detections: [{ ...detection(0, 500), enrichment: { quality: { blur: 0.1 } } }] },
  });
  const back = unpackPart(packPart(part)) as ReadPart;
  const { picture, ...facts } = back.record.sceneFacts[0]!;
  expect([...picture]).toEqual([0, 255, 128]);
  expect({ ...back, record: { ...back.record, sceneFacts: [facts] } }).toEqual({
    ...part,
    record: { ...part.record, sceneFacts: [{ ...facts }] },
  });
  for (const other of [FAILED, { outcome: 'not-seekable' } as const]) expect(unpackPart(packPart(other))).toEqual(other);
});
