import { existsSync } from 'node:fs';
import type { Browser } from 'playwright-core';

const INSTALLED = ['/usr/bin/chromium', '/usr/bin/google-chrome'];
const ARGUMENTS = ['--no-sandbox', '--disable-dev-shm-usage'];

/** A browser to look at pages with: `HS_TEST_BROWSER`, one of the system, or the one that comes as a package for Linux on x64. */
export async function openBrowser(): Promise<Browser | undefined> {
  const { chromium } = await import('playwright-core');
  const executablePath = process.env['HS_TEST_BROWSER'] || INSTALLED.find((path) => existsSync(path)) || (await packagedBrowser());
  return executablePath === undefined ? undefined : chromium.launch({ executablePath, args: ARGUMENTS });
}

async function packagedBrowser(): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const { default: packaged } = await import('@sparticuz/chromium');
  return packaged.executablePath();
}
