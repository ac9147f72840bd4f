import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // packs and installs: `npm run test:package`
    exclude: [...configDefaults.exclude, 'test/package/**'],
    globalSetup: ['test/helpers/global-setup.ts'],
    pool: 'forks',
    // One process takes many files: what they all import is loaded once. A third of the CPU time of the unit tests; a file that changes
    // the process (variables, decoders) puts it back.
    isolate: false,
    // Much of a test of the built program is waiting: on two cores, where one worker is vitest's choice, two end sooner.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // For what hangs: a machine that shares its cores may be slowed down to a third.
    testTimeout: 120_000,
    hookTimeout: 300_000,
    env: { TZ: 'Pacific/Auckland', LC_ALL: 'C.UTF-8' },
    disableConsoleIntercept: true,
  },
});
