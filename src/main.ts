#!/usr/bin/env node
// The program as modules, which need no bundle. Users start launcher.ts.
import { start } from './launch/start.ts'

await start(
  process.argv.slice(2),
  { home: new URL('../../', import.meta.url) },
  async () => (await import('./program-of-process.ts')).program,
)
