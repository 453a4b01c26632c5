import { readFileSync } from 'node:fs'
import { PLACE } from './scripts.ts'

/** Where something is in a file: lines and columns begin with 1. */
interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

/**
 * Has the stack of an error name our source files, where it would name the bundled scripts in `folder`. Source maps are
 * read when a stack is first asked for: the report of an internal error has one, nothing else.
 */
export function nameSources(folder: URL): void {
  const maps = new Map<string, (line: number, column: number) => Place | undefined>()
  Error.prepareStackTrace = (error, sites) => {
    const lines = sites.map((site) => {
      const text = String(site)
      const script = site.getFileName()
      if (!script?.startsWith(PLACE)) return text
      const line = site.getLineNumber() ?? 0
      const column = site.getColumnNumber() ?? 0
      let sourceOf = maps.get(script)
      if (sourceOf === undefined) {
        sourceOf = sourceMap(new URL(`${script.slice(PLACE.length)}.map`, folder))
        maps.set(script, sourceOf)
      }
      const place = sourceOf(line, column)
      return place === undefined
        ? text
        : text.replace(`${script}:${line}:${column}`, `${place.file}:${place.line}:${place.column}`)
    })
    return [String(error), ...lines.map((line) => `    at ${line}`)].join('\n')
  }
}

/** Reads a source map. Without one, no place is known. */
function sourceMap(file: URL): (line: number, column: number) => Place | undefined {
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
