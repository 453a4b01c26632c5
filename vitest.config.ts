import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // vitest leaves one processor free by default, which on a machine of two is half of it; and some tests wait.
    maxWorkers: availableParallelism() + 1,
    // A process for many files: nothing of ours outlives a run, and loading it all again for each file is a third of the time.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // The second is for .ci/run, which prints the sum.
    reporters: ['default', ['json', { outputFile: 'test-results.json' }]],
  },
})
