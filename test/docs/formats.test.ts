// The examples of docs/formats/ are what the program does. `text convert WORDS` marks an input; `bpftrace program`
// before it is the program that printed it; `json` after it has the records, as far as they are shown.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root, scratchFolder, tracenorm } from '../cli/program.ts'

const folder = join(root, 'docs/formats')
const scratch = scratchFolder()

interface Example {
  readonly title: string
  readonly words: readonly string[]
  readonly program: string | undefined
  readonly input: string
  /** Undefined: the page shows none. */
  readonly records: readonly unknown[] | undefined
}

function examplesOf(page: string): readonly Example[] {
  const blocks = [...page.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(([, info = '', text = '']) => ({ info, text }))
  return blocks.flatMap(({ info, text }, index): readonly Example[] => {
    if (!info.startsWith('text convert')) return []
    const [before, after] = [blocks[index - 1], blocks[index + 1]]
    const shown = after?.info === 'json' ? after.text.trim().split('\n') : undefined
    return [
      {
        title: text.slice(0, 60).trim(),
        words: [...info.split(' ').slice(2), ...(shown === undefined ? ['--kind=all'] : [])],
        program: before?.info === 'bpftrace program' ? before.text : undefined,
        input: text,
        records: shown?.map((line): unknown => JSON.parse(line)),
      },
    ]
  })
}

/** Pages on formats that are no text have no input to show. */
const BINARY = ['perf-data.md']

describe.each(readdirSync(folder).filter((name) => !BINARY.includes(name)))('%s', (name) => {
  const examples = examplesOf(readFileSync(join(folder, name), 'utf8'))

  it('has examples', () => {
    expect(examples.length).toBeGreaterThan(3)
  })

  it.each(examples)('$title', async ({ words, program, input, records: shown }) => {
    if (program !== undefined) writeFileSync(scratch.in('program.bt'), program)
    const given = program === undefined ? [] : [`--program=${scratch.in('program.bt')}`]
    const { status, records } = await tracenorm([...words, ...given], { input })
    expect(status).toBe(0)
    expect(records).not.toEqual([])
    if (shown === undefined) expect(records).not.toContainEqual(expect.objectContaining({ stream: 'foreign' }))
    else expect(records).toMatchObject(shown)
  })
})
