// How this repository writes: docs/architecture.md, "Prose".
import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { codeIn, commentsOf, proseOf, root, tracked } from './source-text.ts'

const code = codeIn('src', 'adapters', 'scripts', 'bench', 'test')
const pages = tracked.filter((path) => path.endsWith('.md') && !path.startsWith('fixtures/'))
/** Files that are generated, and those of the example in docs/adapters.md. */
const isElsewhere = (name: string): boolean => /^(?:registry|report-types)\.ts$|\/netdrops\//.test(name)

const comments = code.flatMap((path) => commentsOf(path).map((comment) => ({ ...comment, path })))
const prose = pages.flatMap((path) => proseOf(path).map((line) => ({ ...line, path })))

describe('comments and pages', () => {
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
})
