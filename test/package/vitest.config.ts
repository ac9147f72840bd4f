import { defineConfig } from 'vitest/config';

/** On its own, as it packs the program and installs it from the registry: `npm run test:package`. */
export default defineConfig({
  test: { include: ['test/package/*.test.ts'], testTimeout: 60_000, hookTimeout: 300_000, disableConsoleIntercept: true },
});
