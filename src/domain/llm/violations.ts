import { groupOf } from '../classes.ts';
import type { EventFacts } from '../risk/event-facts.ts';
import type { LlmAnswer } from './answer.ts';

/** What an answer may speak of. */
export type Supported = ReadonlySet<string>;

const WORDS: Readonly<Record<string, string>> = {
  person:
    'person|persons|people|man|men|woman|women|boy|boys|girl|girls|child|children|someone|somebody|individual|individuals|intruder|intruders|stranger|strangers|visitor|visitors|pedestrian|pedestrians|burglar|burglars|thief|thieves',
  vehicle: 'vehicle|vehicles|car|cars|truck|trucks|van|vans|bus|buses|motorcycle|motorcycles|suv|lorry|lorries',
  animal: 'animal|animals|dog|dogs|cat|cats|bird|birds|pet|pets',
  weapon: 'weapon|weapons|gun|guns|firearm|firearms|rifle|rifles|pistol|pistols|knife|knives|machete|crowbar',
};

/** "No weapon was seen" claims none. */
const DENIED = /\b(no|not|nor|without|any|neither|absence of|lack of)(\s+[\w-]+){0,3}[\s,]*$/i;

/** Groups and things an event has detections of. */
export function supportedBy({ event, subjects, threats }: EventFacts): Supported {
  const labels = [...event.objectTypes, ...subjects.map(({ label }) => label)];
  const groups = [...labels.map(groupOf), ...subjects.map(({ classGroup }) => classGroup)];
  const seen = [
    ...groups,
    ...labels.filter((label) => label === 'package'),
    ...(threats.length > 0 ? ['weapon'] : []),
    ...(subjects.some(({ cameWithVehicle }) => cameWithVehicle !== null) ? ['vehicle'] : []),
  ];
  return new Set(seen);
}

/** Entities the event has no detection of: such an answer is not accepted. `other` may be anything. */
export function inventedEntities({ entities }: Pick<LlmAnswer, 'entities'>, supported: Supported): string[] {
  const types = new Set(entities.map(({ type }) => type));
  return [...types].filter((type) => type !== 'other' && !supported.has(type));
}

/** Words in the texts for things that nothing supports; the answer is kept, with a flag. */
export function unverifiedMentions({ summary, reasoning }: Pick<LlmAnswer, 'summary' | 'reasoning'>, supported: Supported): string[] {
  const text = `${summary}\n${reasoning}`;
  return Object.entries(WORDS).flatMap(([group, words]) => {
    if (supported.has(group)) return [];
    const found = [...text.matchAll(new RegExp(`\\b(${words})\\b`, 'gi'))].find(({ index }) => !DENIED.test(text.slice(0, index)));
    return found === undefined ? [] : [found[0].toLowerCase()];
  });
}
