import { readFileSync } from 'node:fs'
import { PLACE } from './scripts.ts'

/** Where something is in a file: lines and columns begin with 1. */
interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** Where something in a script comes from; undefined where that is not known. */
type SourceMapping = (line: number, column: number) => Place | undefined

/**
 * Has the stack of an error name our source files, where it would name the bundled scripts in `folder`. Source maps are
 * read when a stack is first asked for: the report of an internal error has one, nothing else.
 */
export function nameSources(folder: URL): void {
  const mappings = new Map<string, SourceMapping>()
  const mappingOf = (script: string): SourceMapping => {
    const known = mappings.get(script)
    if (known !== undefined) return known
    const read = readMapping(new URL(`${script.slice(PLACE.length)}.map`, folder))
    mappings.set(script, read)
    return read
  }
  Error.prepareStackTrace = (error, sites) =>
    [String(error), ...sites.map((site) => `    at ${inSources(site, mappingOf)}`)].join('\n')
}

function inSources(site: NodeJS.CallSite, mappingOf: (script: string) => SourceMapping): string {
  const text = String(site)
  const script = site.getFileName()
  if (!script?.startsWith(PLACE)) return text
  const line = site.getLineNumber() ?? 0
  const column = site.getColumnNumber() ?? 0
  const place = mappingOf(script)(line, column)
  if (place === undefined) return text
  return text.replace(`${script}:${line}:${column}`, `${place.file}:${place.line}:${place.column}`)
}

/** Reads a source map. Without one, no place is known. */
function readMapping(file: URL): SourceMapping {
  try {
    const { SourceMap } = process.getBuiltinModule('node:module')
    const map = new SourceMap(JSON.parse(readFileSync(file, 'utf8')))
    return (line, column) => {
      const entry = map.findEntry(line - 1, column - 1)
      if (!('originalSource' in entry)) return undefined
      const { originalSource, originalLine, originalColumn } = entry
      return { file: originalSource.replace(/^(?:\.\.\/)+/, ''), line: originalLine + 1, column: originalColumn + 1 }
    }
  } catch {
    return () => undefined
  }
}
