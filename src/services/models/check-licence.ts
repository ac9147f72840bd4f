import { UsageError } from '../../errors/hs-error.ts';
import type { ModelCard } from '../../inference/model-card.ts';

const PERMISSIVE = /^(Apache-2\.0|MIT|BSD-[23]-Clause|CC0-1\.0|ISC|CC-BY-4\.0)$/;

/** Licences with duties beyond naming the authors must be accepted by the user. Throws UsageError. */
export function checkLicence(card: ModelCard, accepted: boolean): void {
  if (accepted || PERMISSIVE.test(card.licence)) return;
  throw new UsageError(`model ${card.id} is under ${card.licence}`, {
    code: 'licence',
    hint: `read the licence (${card.source.homepage}); when it suits your use add --accept-license`,
  });
}
