// How this repository writes: docs/architecture.md, "Prose".
import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { codeIn, commentsOf, proseOf, root, textOf, tracked } from './source-text.ts'

const code = codeIn('src', 'adapters', 'scripts', 'bench', 'test')
const pages = tracked.filter((path) => path.endsWith('.md') && !path.startsWith('fixtures/'))
const LONGEST = 120
/** Files that are generated, and those of the example in docs/adapters.md. */
const isElsewhere = (name: string): boolean => /^(?:registry|report-types)\.ts$|\/netdrops\//.test(name)

const comments = code.flatMap((path) => commentsOf(path).map((comment) => ({ ...comment, path })))
const prose = pages.flatMap((path) => proseOf(path).map((line) => ({ ...line, path })))

const place = ({ path, line }: { readonly path: string; readonly line: number }): string => `${path}:${line}`

/** The text of each file's lines as one: a citation may go over a line's end. */
function joined(
  lines: readonly { readonly path: string; readonly text: string }[],
): readonly { readonly path: string; readonly text: string }[] {
  const texts = new Map<string, string>()
  for (const { path, text } of lines)
    texts.set(path, `${texts.get(path) ?? ''} ${text.replace(/^\s*(?:\/\/|\*) ?/, '')}`)
  return [...texts].map(([path, text]) => ({ path, text }))
}

describe('comments and pages', () => {
  it('have lines of at most 120 characters', () => {
    const long = [
      ...comments.filter(({ whole }) => whole.length > LONGEST),
      ...prose.filter(({ text }) => text.length > LONGEST),
    ]
    expect(long.map(place)).toEqual([])
  })

  it('cite only what is in this repository', () => {
    const elsewhere =
      /\b(?:DESIGN|STYLE|PLATFORMS|LIBRARIES)\b|(?<![\w/])(?:perf|bpftrace|dropwatch|pasted|neighbours|perf-data)\.md\b/
    const citing = [...comments, ...prose.filter(({ path }) => !path.startsWith('docs/formats/'))]
    expect(citing.filter(({ text }) => elsewhere.test(text)).map(place)).toEqual([])
  })

  it('cite sections that their pages have', () => {
    const cited = [...joined(comments), ...joined(prose)].flatMap(({ path, text }) =>
      [...text.matchAll(/\b(docs\/[\w/-]+\.md), "([^"]+)"/g)].map(([, page = '', title = '']) => ({
        path,
        page,
        title,
      })),
    )
    expect(cited.length).toBeGreaterThan(5)
    const hasSection = (page: string, title: string): boolean =>
      textOf(page)
        .split('\n')
        .some((line) => line.replace(/^#+ /, '') === title && line.startsWith('#'))
    expect(cited.filter(({ page, title }) => !hasSection(page, title))).toEqual([])
  })

  it('name only files that are here', () => {
    const names = new Set(tracked.map((path) => basename(path)))
    const here = (name: string): boolean => existsSync(join(root, name)) || names.has(name) || isElsewhere(name)
    const missing = [...comments, ...prose].flatMap(({ text, path, line }) =>
      [...text.matchAll(/(?<![\w./*-])(?:[\w-]+\/)*[\w-]+\.(?:ts|md|mjs)\b/g)]
        .filter(([name]) => !here(name) && !here(join(dirname(path), name)) && !here(join('src', name)))
        .map(([name]) => `${path}:${line}: ${name}`),
    )
    expect(missing).toEqual([])
  })

  it('say it in plain words', () => {
    const dialect =
      /\bhang(?:s|ing)? on\b|(?<!there )\b(?:is|are) none\b(?! of)|\btold (?:of|by)\b|\b(?:any|no)body's\b/i
    expect([...comments, ...prose].filter(({ text }) => dialect.test(text)).map(place)).toEqual([])
  })
})
