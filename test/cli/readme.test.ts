// What README.md shows is what the program does.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root, scratchFolder, tracenorm } from './program.ts'

const page = readFileSync(join(root, 'README.md'), 'utf8')
const scratch = scratchFolder()

function block(language: string): string {
  const [, text = ''] = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'm').exec(page) ?? []
  return text
}

describe('the first example', () => {
  it('is what comes out', async () => {
    const [, line = ''] = block('console').split('\n')
    writeFileSync(scratch.in('capture.txt'), `${line}\n`)
    const { records, status } = await tracenorm(['capture.txt'], { cwd: scratch.path })
    expect(status).toBe(0)
    expect(records).toEqual([JSON.parse(block('json'))])
  })

  it('to try runs on a capture that comes along', async () => {
    const [, path = ''] = /node dist\/tracenorm\.cjs (\S+)$/m.exec(page) ?? []
    const { records, status } = await tracenorm([path], { cwd: root })
    expect([status, records.map(({ kind }) => kind)]).toEqual([0, ['drop', 'drop']])
  })
})

describe('the commands and flags that it names', () => {
  it('are there', async () => {
    const help = async (words: readonly string[]): Promise<string> => (await tracenorm(words)).stdout.toString()
    const top = await help(['--help'])
    const [, list = ''] = top.split('Commands:')
    const commands = [...list.matchAll(/^ {2}(\w+) /gm)].map(([, command = '']) => command)
    const texts = [top, ...(await Promise.all(commands.map((command) => help([command, '--help']))))]
    const reasons = await help(['reasons', 'decode', '--help'])
    const usage = page.slice(page.indexOf('## Use it'), page.indexOf('## Recipes'))
    const ours = usage.replaceAll(/^perf .*\||# perf .*$/gm, '')
    const flags = new Set([...ours.matchAll(/ (--?[a-z][a-z-]*)\b/g)].map(([, flag = '']) => flag))
    expect(flags.size).toBeGreaterThan(5)
    expect([...flags].filter((flag) => ![...texts, reasons].some((text) => text.includes(flag)))).toEqual([])
    const rows = [...usage.matchAll(/^\| `(\w+)`/gm)].map(([, command = '']) => command)
    expect(rows.toSorted()).toEqual(commands.filter((command) => command !== 'help').toSorted())
  })
})
