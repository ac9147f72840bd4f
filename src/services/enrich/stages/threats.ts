import { insertThreats } from '../../../db/models/threat-detections.ts';
import { REACH, severityOfThreat, THREAT_GATE } from '../../../domain/enrichment/threats.ts';
import type { ThreatType } from '../../../domain/enums.ts';
import { openBoxFinder } from '../open-box-finder.ts';
import type { TrackEnrichment } from '../track-enrichment.ts';

type FoundThreat = { type: ThreatType; confidence: number; bbox: [x1: number, y1: number, x2: number, y2: number] };

/**
 * Weapons that an installed threat model sees on people and within their reach. More crops than of others: what is in a hand shows in few
 * pictures, and not in the best ones of its holder.
 */
export const threats: TrackEnrichment<FoundThreat[]> = {
  name: 'threats',
  setting: 'threats',
  trigger: { groups: ['person'], cropsPerTrack: 20, minHeightPx: 64, margin: REACH },
  task: 'threats',
  isOptional: true,
  table: 'threat_detections',
  async open(model, device) {
    const finder = await openBoxFinder(model, { device, gate: THREAT_GATE });
    const types = new Map(Object.entries(model.card.threats ?? {}));
    return {
      ...finder,
      async read(crop) {
        const found = await finder.read(crop);
        return found.flatMap(({ label, confidence, bbox }) => {
          const type = types.get(label);
          return type === undefined ? [] : [{ type, confidence, bbox }];
        });
      },
    };
  },
  toNote: (found) => found,
  count: (found) => found.length,
  async save(trx, looked) {
    const rows = looked.flatMap(({ detectionId, detectedAt, result }) =>
      result.map(({ type, confidence, bbox }) => ({
        detection_id: detectionId,
        detected_at: detectedAt,
        threat_type: type,
        confidence,
        severity: severityOfThreat(type),
        bbox,
      })),
    );
    await insertThreats(trx, rows);
  },
};
