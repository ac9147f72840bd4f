import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { UnavailableError } from '../errors/hs-error.ts';
import type { InstalledModel } from './model-store.ts';

/**
 * The weights, after their sha256 was checked. The bytes that were hashed are the bytes that are loaded, so a file that is swapped
 * between check and use gains nothing, and references to files outside (ONNX external data) have nowhere to lead.
 */
export async function readVerifiedModel(model: InstalledModel): Promise<Uint8Array> {
  const weights = await readFile(model.path).catch((error: unknown) => {
    const said = error instanceof Error ? error.message : String(error);
    throw new UnavailableError('model_missing', `model ${model.card.id} cannot be read: ${said}`, {
      hint: installHint(model),
      cause: error,
    });
  });
  const found = createHash('sha256').update(weights).digest('hex');
  if (found === model.sha256) return weights;
  throw new UnavailableError(
    'model_changed',
    `model ${model.card.id} is not the file that was installed: sha256 ${found}, expected ${model.sha256} (${model.path})`,
    {
      hint: installHint(model),
    },
  );
}

function installHint(model: InstalledModel): string {
  return `install it again: \`hs models install ${model.card.id} --from FILE\``;
}
