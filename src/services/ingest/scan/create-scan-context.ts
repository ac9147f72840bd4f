import type { Knex } from 'knex';

import { parseLayouts, templatesOfLayout } from '../../../domain/time/layouts.ts';
import { UsageError } from '../../../errors/hs-error.ts';
import { createCameraBook } from './camera-book.ts';
import type { ScanContext } from './scan-context.ts';

type ScanParts = Pick<ScanContext, 'tally' | 'tools' | 'progress' | 'mayGoOn' | 'given'> & { analysis: { modelFingerprint: string } };

type ScanOptions = Pick<ScanContext, 'settings' | 'request' | 'warn' | 'signal' | 'runId' | 'observe'> & {
  database: { knex: Knex };
  onProblem: ScanContext['problem'];
};

/** Throws UsageError for a layout that does not exist. */
export function createScanContext(options: ScanOptions, parts: ScanParts): ScanContext {
  const { settings, request, database, warn, signal, runId } = options;
  const own = parseLayouts(settings.layouts.map((layout) => ({ ...layout, templates: layout.templates })));
  if (!own.ok) throw new UsageError(own.message);
  const chosen = templatesOfLayout(request.layout ?? settings.layout, own.layouts);
  if (!chosen.ok) throw new UsageError(chosen.message);
  return {
    knex: database.knex,
    runId,
    request,
    settings,
    ownLayouts: own.layouts,
    tools: parts.tools,
    tally: parts.tally,
    progress: parts.progress,
    mayGoOn: parts.mayGoOn,
    given: parts.given,
    modelFingerprint: parts.analysis.modelFingerprint,
    limits: {
      nowMs: Date.now(),
      floorMs: Date.parse(settings.time.floor),
      maxFutureMs: settings.time.maxFutureS * 1000,
      disagreeMs: settings.time.disagreeS * 1000,
    },
    book: createCameraBook({
      knex: database.knex,
      settings,
      layout: request.layout,
      ownLayouts: own.layouts,
      actor: request.actor,
      dryRun: request.dryRun,
      warn,
    }),
    observe: options.observe,
    problem: options.onProblem,
    warn,
    signal,
  };
}
