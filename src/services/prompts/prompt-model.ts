import { AI_MODELS, PROMPT_CONFIG_MODELS, type PromptConfigModel } from '../../domain/enums.ts';
import { toPromptConfigModel } from '../../domain/prompt-version.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { nearestName } from '../../lib/nearest-name.ts';

/** The model that is written either way. Throws a usage error for a name that is none. */
export function findPromptModel(name: string): PromptConfigModel {
  const found = toPromptConfigModel(name);
  if (found !== undefined) return found;
  const meant = nearestName(name, [...PROMPT_CONFIG_MODELS, ...AI_MODELS]);
  throw new UsageError(`there is no model ${JSON.stringify(name)} with a prompt`, {
    code: 'not_found',
    hint: meant === undefined ? `known: ${PROMPT_CONFIG_MODELS.join(', ')}` : `did you mean ${meant}?`,
  });
}
