import { openModelStore } from '../../inference/model-store.ts';
import type { ModelStore } from '../../inference/model-store.ts';

/** The models under `home`; commands come here because they know services, not inference. */
export function openStore(home: string): ModelStore {
  return openModelStore(home);
}
