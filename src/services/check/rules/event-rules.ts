import {
  findAnalysedWithoutRun,
  findEmptyEvents,
  findEventsEndingEarly,
  findForeignMembers,
  findStaleSearchVectors,
  findWrongEventSpans,
  findWrongLevels,
  refreshSearchVectors,
  repairLevels,
} from '../../../db/queries/check/events.ts';
import type { FindBroken, Repair } from '../../../db/queries/check/broken.ts';
import { levelTable } from '../../../domain/level-table.ts';
import { loadThresholds } from '../../calibration/load-thresholds.ts';
import type { CheckRule } from '../check-rule.ts';
import { DETECTION_IDS, findWrongTexts, OBJECT_TYPES, repairTexts } from './event-texts.ts';

const findLevels: FindBroken = async (knex, scope) =>
  findWrongLevels(levelTable(await loadThresholds(knex, scope.calibrationUser)))(knex, scope);

const repairAllLevels: Repair = async (trx, scope) =>
  repairLevels(levelTable(await loadThresholds(trx, scope.calibrationUser)))(trx, scope);

export const EVENT_RULES: readonly CheckRule[] = [
  {
    id: 'V1',
    severity: 'E',
    title: 'No event ends before it starts.',
    why: 'Lists of a time span would miss it.',
    find: findEventsEndingEarly,
  },
  {
    id: 'V2',
    severity: 'E',
    title: 'The detections of an event are from its camera and lie between its start and its end.',
    why: 'An event is a batch of detections of one camera: others were put into it by mistake.',
    isBounded: true,
    find: findForeignMembers,
  },
  {
    id: 'V3',
    severity: 'W',
    title: 'An event starts with its first and ends with its last detection, as far as they are still kept.',
    why: 'Its times are what lists, cooldowns and clips go by.',
    isBounded: true,
    find: findWrongEventSpans,
  },
  {
    id: 'V4',
    severity: 'E',
    title: 'The risk level of an event is the one its score means by the thresholds in force.',
    why: 'The level is derived, never set: filters and alerts by level trust it.',
    find: findLevels,
    fix: { does: 'derives the level from the score', run: repairAllLevels },
  },
  {
    id: 'V5',
    severity: 'W',
    title: 'detection_ids of an event, as text, names the detections of the event.',
    why: 'It is kept for programs that know only this text; hs itself never reads it as truth.',
    isBounded: true,
    find: findWrongTexts(DETECTION_IDS),
    fix: { does: 'writes the text anew', run: repairTexts(DETECTION_IDS) },
  },
  {
    id: 'V6',
    severity: 'W',
    title: 'object_types of an event lists the classes of its detections, the most frequent first.',
    why: 'Filters by type read this text.',
    isBounded: true,
    find: findWrongTexts(OBJECT_TYPES),
    fix: { does: 'writes the text anew', run: repairTexts(OBJECT_TYPES) },
  },
  {
    id: 'V7',
    severity: 'W',
    title: 'An event is found by the words it has.',
    why: 'An event stored while its camera was renamed keeps the old name in the search.',
    isBounded: true,
    find: findStaleSearchVectors,
    fix: { does: 'makes the search document anew', run: refreshSearchVectors },
  },
  {
    id: 'V8',
    severity: 'W',
    title: 'Every event has detections, unless it stays for its notes, its flag or its feedback.',
    why: 'An event is what its detections show: one without them shows nothing.',
    isBounded: true,
    find: findEmptyEvents,
  },
  {
    id: 'V9',
    severity: 'E',
    title: 'An analyzed event names the run that analyzed it.',
    why: 'Which version and settings gave a score must stay known.',
    find: findAnalysedWithoutRun,
  },
];
