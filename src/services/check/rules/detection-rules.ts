import { collectBroken, type FindBroken } from '../../../db/queries/check/broken.ts';
import {
  findBoxesOutside,
  findDetectionsWithoutOrigin,
  findRepeatedDetections,
  findStrayLocated,
  findWrongDetectionTimes,
  streamEnrichedDetections,
} from '../../../db/queries/check/detections.ts';
import { validateEnrichmentData } from '../../../domain/enrichment-data.ts';
import type { CheckRule } from '../check-rule.ts';

const findBadEnrichment: FindBroken = async (knex, scope) => {
  const broken = collectBroken(scope.limit);
  for await (const { id, enrichment_data: data } of streamEnrichedDetections(knex, scope)) {
    const { messages } = validateEnrichmentData(data);
    if (messages.length > 0) broken.add({ where: `detection ${String(id)}`, text: messages.join('; ') });
  }
  return broken;
};

export const DETECTION_RULES: readonly CheckRule[] = [
  {
    id: 'D1',
    severity: 'E',
    title: 'A detection is at the capture time of its file plus the offset of its frame.',
    why: 'Events and alerts are made by that time. A file that waits to be read again is left out: its time may have been corrected since.',
    isBounded: true,
    find: findWrongDetectionTimes,
  },
  {
    id: 'D2',
    severity: 'E',
    title: 'Every box lies inside the picture of its file.',
    why: 'Boxes are in pixels of the original picture: one that reaches out was measured in another size, and zones are tested with it.',
    isBounded: true,
    find: findBoxesOutside,
  },
  {
    id: 'D3',
    severity: 'W',
    title: 'No two detections are equal in file, frame, class and box.',
    why: 'A file that was stored twice counts everything double.',
    isBounded: true,
    find: findRepeatedDetections,
  },
  {
    id: 'D4',
    severity: 'E',
    title: 'A detection of a file names its run, its model, its frame and the offset of that.',
    why: 'Where a row comes from must stay known: what made it, and which picture shows it.',
    isBounded: true,
    find: findDetectionsWithoutOrigin,
  },
  {
    id: 'D5',
    severity: 'W',
    title: 'Enrichment data are read as they are stored.',
    why: 'Values out of their range or of another type are corrected each time they are read: what is stored is not what counts.',
    isBounded: true,
    find: findBadEnrichment,
  },
  {
    id: 'D6',
    severity: 'W',
    title: 'A face or a plate is of the camera and the moment of its detection.',
    why: 'They are looked up by their own camera and time: one that has strayed is shown with footage it was not seen in.',
    isBounded: true,
    find: findStrayLocated,
  },
];
