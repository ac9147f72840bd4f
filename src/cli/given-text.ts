import { visibleText } from './visible-text.ts';

/** Of detections that were made elsewhere. */
export type GivenSummary = {
  document: string;
  entries: number;
  boxes: number;
  leftOut: Readonly<Record<string, number>>;
  otherClasses: Readonly<Record<string, number>>;
  typicalScore?: number | undefined;
  unlisted?: { count: number; example: string | null } | undefined;
};

const REASONS: Readonly<Record<string, string>> = {
  below_floor: 'below detector.floor',
  crowd: 'of crowds',
  no_area: 'without area',
  no_box: 'without four numbers',
  no_category: 'of a category without a name',
  no_frame: 'of a frame that is not named',
  no_image: 'of an image that is not there',
  no_name: 'entries without a file',
  no_score: 'without a confidence from 0 to 1',
  outside: 'outside their picture',
  too_many: 'above detector.max_boxes',
};

const SHOWN_CLASSES = 5;

/** What was taken of a file of detections, what was left out of it, and why. */
export function givenLines(given: GivenSummary): string[] {
  const { document, entries, boxes, unlisted, typicalScore } = given;
  const name = visibleText(document);
  return [
    `${name}: ${String(boxes)} boxes, ${String(entries)} entries${leftOutText(given)}`,
    ...otherClassesLines(given),
    ...(given.leftOut['below_floor'] !== undefined && typicalScore !== undefined
      ? [`its detector is usually believed from ${String(typicalScore)} on: see detector.floor and detector.gates in hs config show`]
      : []),
    ...(unlisted !== undefined && unlisted.count > 0
      ? [
          `${String(unlisted.count)} of its files were not found, such as ${visibleText(unlisted.example ?? '')}: PATH is the folder its names begin in`,
        ]
      : []),
  ];
}

function leftOutText({ leftOut }: GivenSummary): string {
  const parts = Object.entries(leftOut).map(([reason, count]) => `${String(count)} ${REASONS[reason] ?? reason}`);
  return parts.length === 0 ? '' : `; left out: ${parts.join(', ')}`;
}

function otherClassesLines({ otherClasses }: GivenSummary): string[] {
  const classes = Object.entries(otherClasses).sort(([, a], [, b]) => b - a);
  if (classes.length === 0) return [];
  const shown = classes.slice(0, SHOWN_CLASSES).map(([label, count]) => `${String(count)} ${visibleText(label)}`);
  const more = classes.length > SHOWN_CLASSES ? `, and ${String(classes.length - SHOWN_CLASSES)} more classes` : '';
  return [`detector.classes leaves out ${shown.join(', ')}${more}`];
}
