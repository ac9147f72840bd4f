import type { BoxXywh, BoxXyxy } from './box.ts';

/** What a detector family returns for one picture: fractional corners in pixels of the original picture. */
export type RawDetection = { label: string; score: number; box: BoxXyxy };

/** A detection as stored: whole pixels, clamped to the picture, each side at least 1. */
export type FrameDetection = { label: string; score: number; box: BoxXywh };

/** Classes that are associated, gated and scored alike. */
export type ClassGroup = 'person' | 'vehicle' | 'bicycle' | 'animal' | 'motion' | 'other';
