#!/usr/bin/env node
// What users start, bundled to dist/tracenorm.cjs: the program from a few scripts and V8's cache of their code, where
// main.ts loads some 200 modules.
import { scriptsIn } from './launch/scripts.ts'
import { start } from './launch/start.ts'
import { nameSources } from './launch/traces.ts'
import type { ProgramOfProcess } from './program-of-process.ts'

const FOLDER = new URL('program/', import.meta.url)

const places = { home: new URL('../', import.meta.url), coworker: new URL('coworker.cjs', import.meta.url) }

void start(process.argv.slice(2), places, () => {
  nameSources(FOLDER)
  // The script is made of program-of-process.ts.
  const { program } = scriptsIn(FOLDER)('./program.cjs') as { readonly program: ProgramOfProcess }
  return program
})
