// What the threads of the program start, bundled to dist/coworker.cjs. Users start launcher.ts.
import { scriptsIn } from './launch/scripts.ts'
import { nameSources } from './launch/traces.ts'
import type { ProgramOfProcess } from './program-of-process.ts'

const FOLDER = new URL('program/', import.meta.url)

nameSources(FOLDER)
// The script is made of program-of-process.ts.
const { program } = scriptsIn(FOLDER)('./program.cjs') as { readonly program: ProgramOfProcess }
void program.workAlong()
