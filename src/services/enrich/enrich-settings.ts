/** Settings `enrich.*`: what is looked at besides objects. */
export type EnrichSettings = { imageQuality: boolean; threats: boolean; faces: boolean; plates: boolean };
