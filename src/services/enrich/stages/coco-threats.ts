import { xywhToXyxy, type BoxXywh } from '../../../domain/box.ts';
import { groupOf } from '../../../domain/classes.ts';
import { COCO_THREATS, holderOf, THREAT_GATE, type SeenThreat } from '../../../domain/enrichment/threats.ts';
import type { FrameEnrichment } from '../frame-enrichment.ts';

/** Knives and baseball bats that a detector of COCO classes saw in somebody's reach (§4); they are noted with that person. */
export const cocoThreats = {
  name: 'coco_threats',
  trigger: 'frame with detections',
  model: null,
  table: 'threat_detections',
  enrich({ found, seen }) {
    const people = found.filter(({ label }) => groupOf(label) === 'person');
    if (people.length === 0) return [];
    const held = new Map<unknown, SeenThreat[]>();
    for (const { label, score: confidence, box } of seen) {
      const type = COCO_THREATS.get(label);
      if (type === undefined || confidence < THREAT_GATE) continue;
      const holder = holderOf(box, people);
      if (holder !== undefined) held.set(holder, [...(held.get(holder) ?? []), { type, confidence, box }]);
    }
    return found.map((one) => {
      if (!people.includes(one)) return undefined;
      const threats = held.get(one) ?? [];
      return { data: threats.map(toNote), threats };
    });
  },
} as const satisfies FrameEnrichment;

function toNote({ type, confidence, box }: SeenThreat): { type: string; confidence: number; bbox: number[] } {
  return { type, confidence, bbox: cornersOf(box) };
}

function cornersOf(box: BoxXywh): [number, number, number, number] {
  const { x1, y1, x2, y2 } = xywhToXyxy(box);
  return [x1, y1, x2, y2];
}
