import { readFileSync } from 'node:fs'
import { Script } from 'node:vm'

/** What a bundled script is: a function expression of what a CommonJS module is given. */
type ScriptBody = (exports: object, require: Require) => void

type Require = (name: string) => unknown

/** What the name of a bundled script begins with in stacks: V8 keeps the name in the cache, wherever the package is. */
export const PLACE = 'dist/program/'

/** Ending of the file beside a script that has V8's code cache for it. */
export const CACHE = '.cache'

/** Node's modules that take up to 5 ms each to load, and that few runs need. */
const LATE: ReadonlySet<string> = new Set(['node:child_process', 'node:crypto', 'node:timers/promises'])

/**
 * Gives the modules of the bundled scripts in `folder` by name, as `./program.cjs`, and those of Node. A script is
 * compiled from the cache beside it. V8 refuses the cache of another version or other flags: then it compiles the
 * text, which takes longer and gives the same. `compiled` gets each script that is brought in.
 */
export function scriptsIn(folder: URL, compiled: (file: URL, script: Script) => void = () => {}): Require {
  const modules = new Map<string, object>()
  return function bring(name) {
    if (!name.startsWith('./')) return LATE.has(name) ? lateModule(name) : process.getBuiltinModule(name)
    let exports = modules.get(name)
    if (exports !== undefined) return exports
    exports = {}
    // Before it runs, as a module that it requires may require it.
    modules.set(name, exports)
    const file = new URL(name, folder)
    const script = compile(file, PLACE + name.slice(2))
    const body: ScriptBody = script.runInThisContext()
    body(exports, bring)
    compiled(file, script)
    return exports
  }
}

function compile(file: URL, name: string): Script {
  // Bundled scripts are ASCII. Node reads that as latin1 without a look at each byte, and V8 keeps a byte a character.
  const text = readFileSync(file, 'latin1')
  const cachedData = cacheOf(file)
  return new Script(text, { filename: name, ...(cachedData !== undefined && { cachedData }) })
}

function cacheOf(file: URL): Buffer | undefined {
  try {
    return readFileSync(new URL(file.href + CACHE))
  } catch {
    return undefined
  }
}

/** A module of Node that is loaded when something of it is used. */
function lateModule(name: string): object {
  let loaded: object | undefined
  return new Proxy(
    {},
    {
      get(_, key): unknown {
        loaded ??= process.getBuiltinModule(name)
        return loaded === undefined ? undefined : Reflect.get(loaded, key)
      },
    },
  )
}
