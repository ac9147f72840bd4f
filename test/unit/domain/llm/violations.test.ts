import { expect, test } from 'vitest';
import type { AnswerEntity } from '../../../../src/domain/llm/answer.ts';
import { inventedEntities, supportedBy, unverifiedMentions } from '../../../../src/domain/llm/violations.ts';
import { makeFacts, makeSubject } from '../../../helpers/event-facts.ts';

const entity = (type: AnswerEntity['type']): AnswerEntity => ({ type, description: '', threat_level: 'low' });
const PERSON = supportedBy(makeFacts());

test.each([
  [[], []],
  [['person'], []],
  [['other'], []],
  [['vehicle'], ['vehicle']], // §9.3
  [
    ['weapon', 'package', 'animal', 'weapon'],
    ['weapon', 'package', 'animal'],
  ],
] as const)('of the entities %j beside a person %j are invented (§9.3)', (types, expected) => {
  expect(inventedEntities({ entities: types.map(entity) }, PERSON)).toEqual(expected);
});

test('weapons and packages need rows of their own, vehicles may come from the household', () => {
  const facts = makeFacts({
    threats: [{ type: 'knife', confidence: 0.7, trackId: 1 }],
    subjects: [
      makeSubject({ cameWithVehicle: { vehicleId: 1, description: 'car' } }),
      makeSubject({ trackId: 2, classGroup: 'other', label: 'package' }),
    ],
  });
  expect([...supportedBy(facts)].sort()).toEqual(['other', 'package', 'person', 'vehicle', 'weapon']);
});

test.each([
  ['A person waits.', []],
  ['A car stops.', ['car']],
  ['A man with a knife and a dog.', ['dog', 'knife']],
  ['No weapon was seen.', []],
  ['There is no sign of a weapon, and without any visible knives.', []],
  ['No dog. Then a dog barks.', ['dog']],
  ['A carton in the cattle yard, a personal matter.', []],
  ['CAR', ['car']],
])('in %j the words %j are supported by nothing (§9.3)', (summary, expected) => {
  expect(unverifiedMentions({ summary, reasoning: '' }, PERSON)).toEqual(expected);
  expect(unverifiedMentions({ summary: '', reasoning: summary }, PERSON)).toEqual(expected);
});
