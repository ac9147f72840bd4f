import { describe, expect, test } from 'vitest';

import type { FrameDetection } from '../../../../src/domain/detection.ts';
import { validateEnrichmentData } from '../../../../src/domain/enrichment-data.ts';
import { enrichFrame } from '../../../../src/services/enrich/enrich-frame.ts';

const LUMA = { width: 34, height: 34, data: Float32Array.from({ length: 34 * 34 }, (_, i) => 100 + ((i * 37) % 50)) };
const PERSON: FrameDetection = { label: 'person', score: 0.9, box: { x: 100, y: 100, width: 40, height: 80 } };
const CAR: FrameDetection = { label: 'car', score: 0.9, box: { x: 300, y: 100, width: 90, height: 60 } };
const KNIFE: FrameDetection = { label: 'knife', score: 0.6, box: { x: 135, y: 140, width: 20, height: 6 } };

function frameOf(found: FrameDetection[], alsoSeen: FrameDetection[] = []) {
  return { original: { width: 640, height: 480 }, luma: () => LUMA, found, seen: [...found, ...alsoSeen] };
}

test('nothing switched on, nothing noted, and the grey picture is not even made', () => {
  const frame = { ...frameOf([PERSON]), luma: () => expect.unreachable() };
  expect(enrichFrame([], frame)).toEqual([{}]);
});

test('a frame without detections costs nothing', () => {
  const frame = { ...frameOf([], [KNIFE]), luma: () => expect.unreachable() };
  expect(enrichFrame(['image_quality', 'coco_threats'], frame)).toEqual([]);
});

test('the quality of the frame is noted with each of its detections, as enrichment data are read', () => {
  const extras = enrichFrame(['image_quality'], frameOf([PERSON, CAR]));
  expect(extras).toHaveLength(2);
  expect(extras[0]).toEqual(extras[1]);
  const { enrichment } = extras[0]!;
  expect(enrichment).toEqual({
    image_quality: {
      quality_score: expect.any(Number),
      sharpness: expect.any(Number),
      exposure: 1,
      noise: expect.any(Number),
      issues: expect.any(Array),
    },
  });
  expect(validateEnrichmentData(enrichment)).toMatchObject({ ok: true, messages: [] });
});

test('a picture too small to tell has no quality', () => {
  const tiny = { width: 4, height: 4, data: new Float32Array(16) };
  expect(enrichFrame(['image_quality'], { ...frameOf([PERSON]), luma: () => tiny })).toEqual([{}]);
});

describe('COCO threats (§4)', () => {
  const threatsOf = (found: FrameDetection[], alsoSeen: FrameDetection[]) => enrichFrame(['coco_threats'], frameOf(found, alsoSeen));

  test('a knife in somebody’s reach is noted with that person, and that the others were looked at', () => {
    const other = { ...PERSON, box: { ...PERSON.box, x: 500 } };
    expect(threatsOf([CAR, other, PERSON], [KNIFE])).toEqual([
      {},
      { enrichment: { coco_threats: [] } },
      {
        enrichment: { coco_threats: [{ type: 'knife', confidence: 0.6, bbox: [135, 140, 155, 146] }] },
        threats: [{ type: 'knife', confidence: 0.6, box: KNIFE.box }],
      },
    ]);
  });

  test.each<[string, FrameDetection[], FrameDetection[]]>([
    ['weaker than 0.60', [PERSON], [{ ...KNIFE, score: 0.5999 }]],
    ['out of reach', [PERSON], [{ ...KNIFE, box: { ...KNIFE.box, x: 145 } }]],
    ['a fork', [PERSON], [{ ...KNIFE, label: 'fork' }]],
    ['on a car without anybody', [CAR], [{ ...KNIFE, box: CAR.box }]],
  ])('%s is no threat', (_, found, seen) => {
    expect(threatsOf(found, seen).flatMap(({ threats = [] }) => threats)).toEqual([]);
  });

  test('a bat is a weapon; one person can have several', () => {
    const bat = { ...KNIFE, label: 'baseball bat', score: 0.8 };
    expect(threatsOf([PERSON], [KNIFE, bat])[0]!.threats!.map(({ type }) => type)).toEqual(['knife', 'weapon']);
  });

  test('a knife that is itself stored, as detector.classes may say, counts as well', () => {
    expect(threatsOf([PERSON, KNIFE], [])[0]!.threats).toHaveLength(1);
  });
});
