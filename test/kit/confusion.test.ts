// Which reader takes the captures of which tool, by content alone: none takes another tool's.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openConverter, root } from './harness.ts'

const CORPUS = resolve(root, process.env.TRACENORM_CORPUS ?? '../shared', 'corpus')
const hasCorpus = existsSync(CORPUS)
if (!hasCorpus) console.log('skipped: no corpus (TRACENORM_CORPUS)')

/** What each name of a capture holds, as `tool:format` of its records. */
const KINDS: readonly { readonly names: RegExp; readonly is: string }[] = [
  { names: /^(?:xtool-)?perf[^/]*\/(?:perf-)?script[^/]*\.stdout$/, is: 'perf:script' },
  { names: /^(?:(?:xtool-)?perf[^/]*|dropwatch\/[^/]*)\/perf[^/]*\.json$/, is: 'perf:json' },
  { names: /^perf[^/]*\/(?:trace-[^/]*\.stderr|pty-trace\.stdout)$/, is: 'perf:trace' },
  { names: /^ftrace[^/]*\/file[^/]*\.stdout$|^dropwatch\/[^/]*\/ftrace[^/]*\.txt$/, is: 'ftrace:trace' },
  { names: /^ftrace[^/]*\/pipe[^/]*\.stdout$|^xtool[^/]*\/trace_pipe\.txt$/, is: 'ftrace:trace_pipe' },
  { names: /^trace-cmd[^/]*\/(?:[^/]*report|stream)[^/]*\.stdout$/, is: 'ftrace:trace-cmd' },
  { names: /^bpftrace[^/]*\/run-json\.stdout$/, is: 'bpftrace:json' },
  { names: /^dropwatch\/(?![^/]*-mixed-)[^/]*\/stdout\.txt$/, is: 'dropwatch' },
]

function capturesOf(names: RegExp): readonly string[] {
  return readdirSync(CORPUS, { recursive: true, encoding: 'utf8' })
    .filter((name) => names.test(name))
    .toSorted()
}

/** How many records each reader made of a capture, without messages. */
async function readersOf(name: string): Promise<ReadonlyMap<string, number>> {
  const converter = await openConverter([], '.')
  const { ndjson } = await converter.convert(readFileSync(join(CORPUS, name)))
  const counts = new Map<string, number>()
  for (const line of ndjson.split('\n')) {
    if (line === '') continue
    const { tool, format } = JSON.parse(line).capture
    const reader = `${tool}:${format}`
    counts.set(reader, (counts.get(reader) ?? 0) + 1)
  }
  return counts
}

describe.skipIf(!hasCorpus)('captures by content', () => {
  it.each(KINDS)('$is: no other reader takes a line', { timeout: 120_000 }, async ({ names, is }) => {
    const captures = capturesOf(names)
    const others: string[] = []
    let own = 0
    for (const name of captures)
      for (const [reader, count] of await readersOf(name))
        if (reader.startsWith(is)) own += count
        else others.push(`${name}: ${count} of ${reader}`)
    console.log(`${is}: ${own} records of ${captures.length} captures`)
    expect(own).toBeGreaterThan(0)
    expect(others).toEqual([])
  })
})
