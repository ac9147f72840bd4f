import { expect, test } from 'vitest';

import { DecoderLog } from '../../../../src/media/ffmpeg/decoder-log.ts';

function read(lines: readonly string[]): { log: DecoderLog; selected: number[] } {
  const selected: number[] = [];
  const log = new DecoderLog({ decoded: 1, selected: 5 }, (offset) => selected.push(offset));
  lines.forEach((line) => {
    log.push(line);
  });
  return { log, selected };
}

test('an empty log has no frames and no errors', () => {
  const { log, selected } = read([]);
  expect({ frames: log.decodedFrames, last: log.lastOffsetMs, errors: log.errorLines, selected }).toEqual({
    frames: 0,
    last: undefined,
    errors: 0,
    selected: [],
  });
});

test('frames are counted and timed by their exact pts, not by the rounded pts_time', () => {
  const { log, selected } = read([
    '[Parsed_showinfo_1 @ 0x8e60bc0] [info] config in time_base: 1/90000, frame_rate: 25/1',
    '[Parsed_showinfo_5 @ 0x8d7f780] [info] config in time_base: 1/90000, frame_rate: 25/1',
    '[Parsed_showinfo_1 @ 0x8e60bc0] [info] n:   0 pts: 111111300 pts_time:1234.57 pos:      460 fmt:yuv420p sar:1/1',
    '[Parsed_showinfo_1 @ 0x8e60bc0] [info] color_range:unknown color_space:unknown',
    '[Parsed_showinfo_5 @ 0x8d7f780] [info] n:   0 pts: 111111300 pts_time:1234.57 pos:      460 fmt:rgb24',
    '[Parsed_showinfo_1 @ 0x8e60bc0] [info] n:   1 pts: 111110400 pts_time:1234.56 pos:      500 fmt:yuv420p',
    '[Parsed_showinfo_1 @ 0x8e60bc0] [info] n:   2 pts:NOPTS pts_time:NOPTS pos:      500 fmt:yuv420p',
  ]);
  expect(log.decodedFrames).toBe(3);
  expect(log.lastOffsetMs).toBe(1_234_570);
  expect(selected).toEqual([1_234_570]);
});

test('errors are counted with their repetitions, the first different texts are kept without addresses', () => {
  const { log } = read([
    '[info] Input #0, matroska,webm, from file',
    '[mov,mp4,m4a,3gp,3g2,mj2 @ 0x1] [error] stream 0, offset 0x30: partial file',
    '[h264 @ 0x2] [error] error while decoding MB 5 3',
    '    Last message repeated 7 times',
    '[h264 @ 0x2] [warning] something',
    '    Last message repeated 100 times',
    '[vist#0:0/h264 @ 0x3] [dec:h264 @ 0x4] [error] Error submitting packet',
    '[fatal] Conversion failed!',
    '[error]  ',
  ]);
  expect(log.errorLines).toBe(1 + 1 + 7 + 1 + 1 + 1);
  expect(log.firstErrors).toEqual([
    'stream 0, offset 0x30: partial file',
    'error while decoding MB 5 3',
    'Error submitting packet',
    'Conversion failed!',
    '',
  ]);
});

test('texts of the file that look like log lines of frames are not frames', () => {
  const { log, selected } = read([
    '[info]     title           : [Parsed_showinfo_1 @ 0x1] [info] n:   0 pts: 5',
    '                    : [Parsed_showinfo_5 @ 0x1] [info] n:   0 pts: 5',
  ]);
  expect(log.decodedFrames).toBe(0);
  expect(selected).toEqual([]);
});
