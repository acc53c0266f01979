import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '.fourfold/**'],
    // Processes, not threads: native modules (RocksDB, chdb) and tests that kill their child must not share one.
    pool: 'forks',
    // Two files at once: the suites that start servers are heavy, and they measure nothing but order.
    maxWorkers: 2,
    // Far above what a test takes, so that a machine with other work only makes it slow; a hang still ends.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Where a broker has to be stopped.
    teardownTimeout: 30_000,
    globalSetup: ['streams/testing/kafka/global-setup.ts'],
    reporters: ['default', './tools/test-summary.ts'],
  },
})
