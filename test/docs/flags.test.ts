// The pages name no flag that the program does not have.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root, tracenorm } from '../cli/program.ts'

const pages = [
  'README.md',
  'SECURITY.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`),
]

/** Flags of perf, Miller, curl, clickhouse-client and npm scripts, of which the pages speak too. */
const OTHERS = new Set([
  '--to-json',
  '--threads',
  '--query',
  '--multiquery',
  '--data-binary',
  '--header',
  '--no-buffering',
  '--no-auto-unflatten',
  '--seconds',
  '--sabotage',
  '--write',
  '--sshlogin',
])

/** The flags in `--flag VALUE` and in commands that call tracenorm. */
function flagsIn(page: string): readonly string[] {
  const spans = [...page.matchAll(/`(--[a-z][a-z-]*)[^`\n]*`/g)].map(([, flag = '']) => flag)
  const commands = [...page.matchAll(/^.*\btracenorm\b.*$/gm)].flatMap(([line]) =>
    [...line.slice(line.indexOf('tracenorm')).matchAll(/ (--[a-z][a-z-]*)\b/g)].map(([, flag = '']) => flag),
  )
  return [...spans, ...commands].filter((flag) => !OTHERS.has(flag))
}

async function help(words: readonly string[]): Promise<string> {
  return (await tracenorm([...words, '--help'])).stdout.toString()
}

/** The help of all commands, theirs included. */
async function allHelp(words: readonly string[] = []): Promise<string> {
  const text = await help(words)
  const [, list = ''] = text.split('Commands:')
  const names = [...list.matchAll(/^ {2}(\w+) /gm)].map(([, name = '']) => name).filter((name) => name !== 'help')
  const inner = await Promise.all(names.map((name) => allHelp([...words, name])))
  return [text, ...inner].join('\n')
}

it('every flag in the pages is in some help', async () => {
  const offered = new Set([...(await allHelp()).matchAll(/--[a-z][a-z-]*/g)].map(([flag]) => flag))
  const named = pages
    .filter((path) => path.endsWith('.md'))
    .flatMap((path) => flagsIn(readFileSync(join(root, path), 'utf8')).map((flag) => ({ path, flag })))
  expect(named.length).toBeGreaterThan(50)
  expect(named.filter(({ flag }) => !offered.has(flag))).toEqual([])
})
