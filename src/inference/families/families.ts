import { labelsOf } from '../model-card.ts';
import type { DetectorCard, ModelCard } from '../model-card.ts';
import { deim } from './deim.ts';
import { embedding } from './embedding.ts';
import { endToEnd } from './end-to-end.ts';
import type { Candidate, ExpectedOutput, Family, Outputs } from './family.ts';
import { lpdYunet } from './lpd-yunet.ts';
import { nanodet } from './nanodet.ts';
import { yolov8 } from './yolov8.ts';
import { yolox } from './yolox.ts';
import { yunet } from './yunet.ts';

/** A family with its card filled in. */
export type BoundFamily = {
  boxesIn: 'input' | 'original';
  expectedOutputs(classCount: number): ExpectedOutput[];
  decode(outputs: Outputs, scoreFloor: number): Candidate[];
};

/** What a session of this card's file must give back. */
export function expectedOutputsOf(card: ModelCard): ExpectedOutput[] {
  return card.task === 'embedding' ? embedding.expectedOutputs(card) : familyOf(card).expectedOutputs(labelsOf(card).length);
}

/** The decoder for a card. */
export function familyOf(card: DetectorCard): BoundFamily {
  switch (card.family) {
    case 'yolox':
      return bind(yolox, card);
    case 'deim':
      return bind(deim, card);
    case 'nanodet':
      return bind(nanodet, card);
    case 'yolov8':
      return bind(yolov8, card);
    case 'end-to-end':
      return bind(endToEnd, card);
    case 'yunet':
      return bind(yunet, card);
    case 'lpd-yunet':
      return bind(lpdYunet, card);
  }
}

function bind<Card>(family: Family<Card>, card: Card): BoundFamily {
  return {
    boxesIn: family.boxesIn,
    expectedOutputs: (classCount) => family.expectedOutputs(card, classCount),
    decode: (outputs, scoreFloor) => family.decode(outputs, card, scoreFloor),
  };
}
