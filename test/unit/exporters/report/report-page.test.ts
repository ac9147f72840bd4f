import { describe, expect, test } from 'vitest';
import { reportPage } from '../../../../src/exporters/report/report-page.ts';
import { reportText } from '../../../../src/exporters/report/report-text.ts';
import { emptyReport, samplePictures, sampleReport } from '../../../helpers/sample-report.ts';

const HOSTILE = `<script>alert(1)</script>"'&\u202Eevil\n<img src=x onerror=alert(1)> ${'x'.repeat(300)}`;
const SECTIONS = ['risk', 'events', 'times', 'coverage', 'alerts', 'views', 'files', 'hours'];

const page = (report = emptyReport(), pictures = new Map()): string => reportPage(report, { pictures, version: '1' });

describe('a page', () => {
  test('of nothing says so and has all its sections', () => {
    const text = page();
    expect(text).toContain('No footage of this time, and nothing that happened in it.');
    for (const id of SECTIONS) expect(text).toContain(`<h2 id="${id}">`);
    expect(text).not.toMatch(/undefined|NaN|\[object|Infinity/);
  });

  test.each(['daily', 'weekly', 'camera'] as const)('%s holds whatever a name or a summary holds as text', (kind) => {
    const text = page({ ...sampleReport({ events: 6, name: HOSTILE }), kind }, samplePictures(3, Buffer.from('x')));
    expect(text).not.toMatch(/<script|<img src=x|\u202E|undefined|NaN|\[object/);
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&apos;&amp;');
  });

  test('has no way to run or to fetch anything', () => {
    const text = page(sampleReport({ events: 6, name: 'gate' }), samplePictures(6, Buffer.from('x')));
    expect(text).toContain('content="default-src &apos;none&apos;; img-src data:; style-src &apos;unsafe-inline&apos;;');
    const targets = [...text.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, target]) => target!);
    expect(targets.length).toBeGreaterThan(6);
    for (const target of targets) expect(target).toMatch(/^(#\w+|data:.*)$/);
    expect(text).not.toMatch(/url\(|@import|<script|<iframe|<object|<form/i);
  });

  test('of 500 events with as many pictures as a report takes stays below 2 MB', () => {
    const pictures = samplePictures(60, Buffer.alloc(15_000, 7));
    const bytes = Buffer.byteLength(page(sampleReport({ events: 500, name: 'Front door of the house' }), pictures));
    expect(bytes).toBeGreaterThan(1_000_000);
    expect(bytes).toBeLessThan(2_000_000);
  });

  test('shows a picture with an alternative, and lists events without one; what is not listed has a command', () => {
    const pictures = samplePictures(1, Buffer.from('jpeg'));
    pictures.set(2, null);
    const text = page(sampleReport({ events: 5, name: 'gate' }), pictures);
    expect(text).toContain('alt="person, car at gate, 00:00:00"');
    expect(text).toContain('High: 1 event; the footage of 1 cannot be read any more');
    expect(text).toContain('Low: 1 event');
    expect(text).toContain(
      '3 more: <code>hs events list --since 2026-01-12T00:00:00.000Z --until 2026-01-19T00:00:00.000Z --limit 0</code>',
    );
  });

  test('says a level in words, gives every table a caption and keeps headings in order', () => {
    const text = page(sampleReport({ events: 5, name: 'gate' }));
    for (const level of ['Critical', 'High', 'Medium', 'Low', 'Not rated']) expect(text).toContain(`<h3>${level} `);
    expect([...text.matchAll(/<table>/g)]).toHaveLength([...text.matchAll(/<caption id="[\w-]+">/g)].length);
    const headings = [...text.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
    expect(headings[0]).toBe(1);
    for (const [index, level] of headings.entries()) expect(level - (headings[index - 1] ?? 0)).toBeLessThanOrEqual(1);
    const ids = [...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('is the same for the same report', () => {
    const report = sampleReport({ events: 5, name: 'gate' });
    expect(page(report)).toBe(page(structuredClone(report)));
  });
});

describe('a text', () => {
  test('of nothing is its head and one sentence', () => {
    expect(reportText(emptyReport())).toBe(
      'Weekly report: 12 – 18 January 2026\n0 cameras · days of UTC · 2026-01-12 00:00:00 +00:00 to 2026-01-19 00:00:00 +00:00\n\nNo footage of this time, and nothing that happened in it.\n',
    );
  });

  test('holds no control or direction characters and one line for each finding', () => {
    const text = reportText(sampleReport({ events: 3, name: HOSTILE }));
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202E]/u);
    const lines = text.split('\n');
    expect(lines.filter((line) => line.startsWith('  Critical  90'))).toHaveLength(1);
    expect(lines).toContain('  3 more: hs events list --since 2026-01-12T00:00:00.000Z --until 2026-01-19T00:00:00.000Z --limit 0');
  });
});
