import type { EventEnrichments, LocatedThings } from '../../db/queries/event-enrichments.ts';
import { counted } from '../../lib/counted.ts';

/** What optional stages found, in words; null: the stage did not look. */
export type EnrichmentTexts = { picture_quality: string | null; faces: string | null; plates: string | null; threats: string | null };

export function enrichmentTexts({ image_quality: quality, faces, license_plates: plates, threats }: EventEnrichments): EnrichmentTexts {
  return {
    picture_quality: quality && qualityText(quality),
    faces: faces && `${locatedText(faces, 'face')}; nobody is identified by them`,
    plates: plates && `${locatedText(plates, 'plate')}; not read`,
    threats: threats && threatText(threats),
  };
}

function qualityText({ quality_score: score, sharpness, exposure, noise }: NonNullable<EventEnrichments['image_quality']>): string {
  const parts = [`sharpness ${sharpness.toFixed(2)}`, `exposure ${exposure.toFixed(2)}`, `freedom from noise ${noise.toFixed(2)}`];
  return `${score.toFixed(0)} of 100 (${parts.join(', ')})`;
}

function locatedText({ crops, located, tracks }: LocatedThings, thing: string): string {
  const where = `on ${counted(crops, 'crop')}`;
  return located === 0 ? `none ${where}` : `${counted(located, thing)} ${where}, of ${counted(tracks, 'track')}`;
}

function threatText({ crops, found }: NonNullable<EventEnrichments['threats']>): string {
  if (found.length === 0) return `none on ${counted(crops, 'crop')}`;
  return found.map(({ threat_type, confidence, severity }) => `${threat_type} ${confidence.toFixed(2)} (${severity})`).join(', ');
}
