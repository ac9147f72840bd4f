import { chooseFinder, chooseModel, openModelStore, type InstalledDetector, type ModelStore } from '../../inference/model-store.ts';
import { knowsCocoThreats } from '../enrich/choose-enrichments.ts';
import type { EnrichSettings } from '../enrich/enrich-settings.ts';
import { ok, warn, type DoctorLine } from './doctor-line.ts';

export type EnrichmentChecks = { home: string; enrich: EnrichSettings; detector: { model?: string | undefined; cocoThreats: boolean } };

/** Where threats would come from, and whether what else is switched on has its model. */
export async function* checkEnrichments(options: EnrichmentChecks): AsyncIterable<DoctorLine> {
  const store = openModelStore(options.home);
  for (const setting of ['faces', 'plates'] as const) if (options.enrich[setting]) yield await checkFinder(store, setting);
  yield await checkThreats(store, options);
}

async function checkFinder(store: ModelStore, setting: 'faces' | 'plates'): Promise<DoctorLine> {
  const model = await chooseFinder(store, setting);
  const limits = { faces: 'nobody is identified by them', plates: 'they are not read' }[setting];
  if (model !== undefined) return ok(setting, `${setting} are located by ${model.card.id}; ${limits}`);
  return warn(setting, `enrich.${setting} is on, but no model for it is installed`, '`hs models list` shows those with this task');
}

async function checkThreats(store: ModelStore, { enrich, detector }: EnrichmentChecks): Promise<DoctorLine> {
  const sources: string[] = [];
  const model = enrich.threats ? await chooseFinder(store, 'threats') : undefined;
  if (model !== undefined) sources.push(`${model.card.id} on the best pictures of people`);
  if (detector.cocoThreats && knowsCocoThreats(await usedDetector(store, detector.model))) {
    sources.push('knives and baseball bats in reach of people, by the detector (detector.coco_threats)');
  }
  if (sources.length > 0) return ok('threats', sources.join('; '));
  return warn(
    'threats',
    'no threat source: weapons are not looked for',
    'install a model of the task threats with a card of its own, or set detector.coco_threats for knives and bats; never rely on either alone',
  );
}

/** A model that cannot be used is told by a line of its own. */
async function usedDetector(store: ModelStore, name: string | undefined): Promise<InstalledDetector | undefined> {
  return name === 'motion' ? undefined : chooseModel(store, name).catch(() => undefined);
}
