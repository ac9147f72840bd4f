import type { Knex } from 'knex';

import { collectBroken, type CheckScope, type FindBroken, type Repair } from '../../../db/queries/check/broken.ts';
import { lockSuspectTexts, suspectTexts, updateEventText, type EventTextRow } from '../../../db/queries/check/event-texts.ts';
import { parseDetectionIds } from '../../../domain/detection-ids.ts';
import { toObjectTypes } from '../../../domain/group-events.ts';

/** A text column of events that repeats what the members say. */
type RepeatedText = {
  column: 'detection_ids' | 'object_types';
  isRight: (event: EventTextRow) => boolean;
  toText: (event: EventTextRow) => string | null;
};

export const DETECTION_IDS: RepeatedText = {
  column: 'detection_ids',
  isRight: ({ detection_ids: text, member_ids: members }) => {
    const { ids, problems } = parseDetectionIds(text);
    return (
      Object.keys(problems).length === 0 &&
      ids.length === members.length &&
      ids.toSorted((a, b) => a - b).every((id, at) => id === members[at])
    );
  },
  toText: ({ member_ids: members }) => JSON.stringify(members),
};

export const OBJECT_TYPES: RepeatedText = {
  column: 'object_types',
  isRight: (event) => (event.object_types ?? '') === toObjectTypes(event.member_classes),
  toText: ({ member_classes: classes }) => toObjectTypes(classes) || null,
};

export function findWrongTexts({ column, isRight, toText }: RepeatedText): FindBroken {
  return async (knex, scope) => {
    const broken = collectBroken(scope.limit);
    for await (const events of suspectTexts(knex, column, scope)) {
      for (const event of events.filter((one) => !isRight(one))) {
        const text = `says ${shorten(event[column])}, its detections make it ${shorten(toText(event))}`;
        broken.add({ where: `event ${String(event.id)}`, text });
      }
    }
    return broken;
  };
}

export function repairTexts(repeated: RepeatedText): Repair {
  return async (trx, scope) => {
    let repaired = 0;
    for (const ids of await readWrongIds(trx, repeated, scope)) repaired += await repairSlice(trx, repeated, ids);
    return repaired;
  };
}

/** Read to the end first: the cursor must not meet what the repair changes. */
async function readWrongIds(trx: Knex.Transaction, { column, isRight }: RepeatedText, scope: CheckScope): Promise<number[][]> {
  const slices: number[][] = [];
  for await (const events of suspectTexts(trx, column, scope)) slices.push(events.filter((one) => !isRight(one)).map(({ id }) => id));
  return slices.filter((ids) => ids.length > 0);
}

async function repairSlice(trx: Knex.Transaction, { column, isRight, toText }: RepeatedText, ids: number[]): Promise<number> {
  const wrong = (await lockSuspectTexts(trx, column, ids)).filter((event) => !isRight(event));
  for (const event of wrong) await updateEventText(trx, event.id, { [column]: toText(event) });
  return wrong.length;
}

const SHOWN = 60;

function shorten(text: string | null): string {
  if (text === null) return 'nothing';
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
