import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AxeResults } from 'axe-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reportPage } from '../../../../src/exporters/report/report-page.ts';
import { openBrowser } from '../../../helpers/open-browser.ts';
import { emptyReport, samplePictures, sampleReport } from '../../../helpers/sample-report.ts';

const HOSTILE = `gate <script>document.title='run'</script><img src=x onerror="document.title='run'">\u202E שער`;
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

const browser = await openBrowser();
if (browser === undefined) console.warn('skipped: no browser; HS_TEST_BROWSER names one');

let folder: string;
const urls: Record<string, string> = {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-report-'));
  const jpeg = await sharp({ create: { width: 400, height: 225, channels: 3, background: '#456' } })
    .jpeg()
    .toBuffer();
  const week = sampleReport({ events: 6, name: HOSTILE });
  const reports = { week, day: { ...week, kind: 'daily', dates: ['2026-01-14'] }, empty: emptyReport() } as const;
  for (const [name, report] of Object.entries(reports)) {
    const path = join(folder, `${name}.html`);
    await writeFile(path, reportPage(report, { pictures: name === 'empty' ? new Map() : samplePictures(3, jpeg), version: '1' }));
    urls[name] = pathToFileURL(path).href;
  }
});
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true });
});

describe.skipIf(browser === undefined)('in a browser', { timeout: 240_000 }, () => {
  test.each(['week', 'day', 'empty'])('%s asks for nothing but itself and runs nothing', async (name) => {
    const page = await browser!.newPage();
    const asked: string[] = [];
    const said: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('console', (message) => said.push(message.text()));
    await page.goto(urls[name]!);
    expect(asked.filter((url) => !url.startsWith('data:'))).toEqual([urls[name]]);
    expect(said).toEqual([]);
    expect(await page.title()).not.toBe('run');
    expect(await page.locator('script').count()).toBe(0);
    await page.close();
  });

  const LOOKS = ['week', 'day'].flatMap((name) =>
    [390, 1440].flatMap((width) => (['light', 'dark'] as const).map((colorScheme) => [name, width, colorScheme] as const)),
  );
  test.each(LOOKS)('%s at %d px, %s: axe finds nothing, and only tables scroll sideways', async (name, width, colorScheme) => {
    // axe runs inside the page, which forbids that: only for that its policy is set aside.
    const page = await browser!.newPage({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
    await page.goto(urls[name]!);
    await page.addScriptTag({ path: axe });
    const { violations } = await page.evaluate<AxeResults>("axe.run({ resultTypes: ['violations'] })");
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([]);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(width);
    const [shown, hidden] = width < 640 ? ['.narrow', '.wide'] : ['.wide', '.narrow'];
    expect(await page.locator(`figure ${shown} svg`).first().isVisible()).toBe(true);
    expect(await page.locator(`figure ${hidden} svg`).first().isVisible()).toBe(false);
    await page.close();
  });
});
