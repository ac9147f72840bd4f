import { expect, test } from 'vitest';

import { whenAborted } from '../../../src/lib/when-aborted.ts';
import { failWhenAborted } from '../../../src/notify/stop-after.ts';

test('a signal that was aborted before is heard at once, another when it is, and one that never is not', async () => {
  await expect(whenAborted(AbortSignal.abort())).resolves.toBeUndefined();
  const controller = new AbortController();
  const heard = whenAborted(controller.signal).then(() => 'heard');
  await expect(Promise.race([heard, Promise.resolve('not yet')])).resolves.toBe('not yet');
  controller.abort();
  await expect(heard).resolves.toBe('heard');
});

test('the reason of the signal is what a call fails with', async () => {
  await expect(failWhenAborted(AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
});
