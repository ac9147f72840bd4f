import { expect, test } from 'vitest';

import { alertname, description, severity, summary } from '../../../src/domain/prometheus-alert.ts';

// schema §9: label or `unknown`, label or `info`, annotation or ''
test.each([
  [{}, 'unknown', 'info'],
  [{ alertname: '', severity: '' }, 'unknown', 'info'],
  [{ alertname: null, severity: 3 }, 'unknown', 'info'],
  [{ Alertname: 'X', level: 'page' }, 'unknown', 'info'],
  [{ alertname: 'DiskFull' }, 'DiskFull', 'info'],
  [{ alertname: 'DiskFull', severity: 'critical' }, 'DiskFull', 'critical'],
  [{ severity: 'page' }, 'unknown', 'page'],
])('labels %j name the alert %s of severity %s (schema §9)', (labels, name, level) => {
  expect([alertname({ labels }), severity({ labels })]).toEqual([name, level]);
});

test.each([
  [{}, '', ''],
  [{ summary: ['x'], description: null }, '', ''],
  [{ toString: 'x' }, '', ''],
  [{ summary: 'Disk is full' }, 'Disk is full', ''],
  [{ summary: 'S', description: 'D' }, 'S', 'D'],
])('annotations %j give summary %j and description %j (schema §9)', (annotations, expectedSummary, expectedDescription) => {
  expect([summary({ annotations }), description({ annotations })]).toEqual([expectedSummary, expectedDescription]);
});

test('names that every object has are no labels', () => {
  const labels = Object.create({ alertname: 'inherited' }) as Record<string, unknown>;
  expect(alertname({ labels })).toBe('unknown');
});
