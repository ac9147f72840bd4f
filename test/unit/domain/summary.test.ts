import { describe, expect, test } from 'vitest';
import { acceptedText, summarySpan, summaryText, summaryWindow, type SeriousEvent } from '../../../src/domain/summary.ts';

const at = (text: string): number => Date.parse(text);
const iso = (ms: number): string => new Date(ms).toISOString();

describe('windows (§10.11)', () => {
  test.each([
    ['hourly', '2026-01-14T08:15:00.250Z', 'UTC', '2026-01-14T07:15:00.250Z', '2026-01-14T08:15:00.250Z'],
    ['daily', '2026-01-14T08:15:00Z', 'UTC', '2026-01-14T00:00:00.000Z', '2026-01-15T00:00:00.000Z'],
    ['daily', '2026-01-14T00:00:00Z', 'UTC', '2026-01-14T00:00:00.000Z', '2026-01-15T00:00:00.000Z'],
    ['daily', '2026-01-14T23:30:00Z', 'Europe/Berlin', '2026-01-14T23:00:00.000Z', '2026-01-15T23:00:00.000Z'],
    ['daily', '2026-03-29T12:00:00Z', 'Europe/Berlin', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
    ['daily', '2026-10-25T12:00:00Z', 'Europe/Berlin', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
    ['daily', '2026-04-24T12:00:00Z', 'Africa/Cairo', '2026-04-23T22:00:00.000Z', '2026-04-24T21:00:00.000Z'],
  ] as const)('%s at %s in %s is from %s to %s', (type, asOf, zone, start, end) => {
    const window = summaryWindow(type, { asOfMs: at(asOf), zone });
    expect([iso(window.startMs), iso(window.endMs)]).toEqual([start, end]);
  });

  test('an hour holds its end and not its start, a day its start and not its end', () => {
    const window = { startMs: 0, endMs: 3_600_000 };
    expect(summarySpan('hourly', window)).toEqual({ since: new Date(1), until: new Date(3_600_001) });
    expect(summarySpan('daily', window)).toEqual({ since: new Date(0), until: new Date(3_600_000) });
  });
});

function serious(id: number, more: Partial<SeriousEvent> = {}): SeriousEvent {
  const event = { cameraId: 'gate', cameraName: 'Gate', startedAtMs: id, clock: '03:00', score: 69, objectTypes: 'person' };
  return { id, ...event, level: 'high', summary: '1 person at Gate.', ...more };
}

test.each<[string, SeriousEvent[], string]>([
  ['nothing', [], 'No high or critical events.'],
  ['one', [serious(1)], '1 high or critical events on 1 cameras; most serious: 1 person at Gate (69, Gate, 03:00). 0 others.'],
  [
    'several, the worst of them first',
    [serious(1), serious(2, { score: 90, cameraId: 'yard', cameraName: 'Yard', summary: 'A knife.', clock: '15:04' }), serious(3)],
    '3 high or critical events on 2 cameras; most serious: A knife (90, Yard, 15:04). 2 others.',
  ],
  [
    'equal ones, the earliest',
    [serious(2, { clock: '04:00' }), serious(1)],
    '2 high or critical events on 1 cameras; most serious: 1 person at Gate (69, Gate, 03:00). 1 others.',
  ],
  [
    'without a summary, the classes',
    [serious(1, { summary: null })],
    '1 high or critical events on 1 cameras; most serious: person (69, Gate, 03:00). 0 others.',
  ],
  [
    'without anything, the id',
    [serious(7, { summary: null, objectTypes: null })],
    '1 high or critical events on 1 cameras; most serious: event 7 (69, Gate, 03:00). 0 others.',
  ],
])('%s is told by the template (§10.11)', (_, events, text) => {
  expect(summaryText(events)).toBe(text);
});

test.each([
  [{}, undefined],
  [{ text: '', event_ids: [] }, undefined],
  [{ text: 'x' }, undefined],
  [{ text: 'x', event_ids: ['7'] }, undefined],
  [{ text: 'x', event_ids: [9] }, undefined],
  [{ text: 'Event 9 was worse.', event_ids: [7] }, undefined],
  [{ text: 'See #9.', event_ids: [7] }, undefined],
  [{ text: 'Events 7, 8 and 9.', event_ids: [7] }, undefined],
  [{ text: 'x\0', event_ids: [7] }, undefined],
  [{ text: 'x'.repeat(2_001), event_ids: [7] }, undefined],
  [{ text: ' Event 7 and event #8 at 03:00, 2 people. ', event_ids: [7, 8] }, 'Event 7 and event #8 at 03:00, 2 people.'],
  [{ text: 'A quiet night but for one visitor.', event_ids: [] }, 'A quiet night but for one visitor.'],
])('of a model that was told of events 7 and 8, %j gives %j (§10.11)', (candidate, text) => {
  expect(acceptedText(candidate, new Set([7, 8]))).toBe(text);
});
