// The examples of docs/formats/ are what the program does. `text convert WORDS` marks an input; `bpftrace program`
// before it is the program that printed it; `json` after it has the records, as far as they are shown.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openConverter, root } from '../kit/harness.ts'

const folder = join(root, 'docs/formats')

interface Example {
  readonly words: readonly string[]
  readonly program: string | undefined
  readonly input: string
  /** Undefined: the page shows none. */
  readonly records: readonly unknown[] | undefined
}

interface Block {
  readonly info: string
  readonly text: string
}

/** The fenced blocks of a page. */
function blocksOf(page: string): readonly Block[] {
  const blocks = [...page.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)]
  return blocks.map(([, info = '', text = '']) => ({ info, text }))
}

function examplesOf(page: string): readonly Example[] {
  const blocks = blocksOf(page)
  return blocks.flatMap(({ info, text }, index): readonly Example[] => {
    if (!info.startsWith('text convert')) return []
    const [before, after] = [blocks[index - 1], blocks[index + 1]]
    const program = before?.info === 'bpftrace program' ? before.text : undefined
    const records = after?.info === 'json' ? after.text.trim().split('\n') : undefined
    return [
      {
        words: [...info.split(' ').slice(2), ...(records === undefined ? ['--kind=all'] : [])],
        program,
        input: text,
        records: records?.map((line): unknown => JSON.parse(line)),
      },
    ]
  })
}

async function convert({
  words,
  program,
  input,
}: Example): ReturnType<Awaited<ReturnType<typeof openConverter>>['convert']> {
  const scratch = mkdtempSync(join(tmpdir(), 'formats-'))
  try {
    if (program !== undefined) writeFileSync(join(scratch, 'program.bt'), program)
    const all = program === undefined ? words : ['--program=program.bt', ...words]
    return await (await openConverter(all, scratch)).convert(Buffer.from(input))
  } finally {
    rmSync(scratch, { recursive: true })
  }
}

describe.each(readdirSync(folder))('%s', (name) => {
  const examples = examplesOf(readFileSync(join(folder, name), 'utf8'))

  it('has examples', () => {
    expect(examples.length).toBeGreaterThan(3)
  })

  it.each(examples.map((example) => ({ ...example, title: example.input.slice(0, 60).trim() })))(
    '$title',
    async (example) => {
      const { ndjson, rejected, fault } = await convert(example)
      const records: unknown[] = Buffer.from(ndjson, 'latin1')
        .toString()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line))
      expect([fault, rejected]).toEqual([undefined, []])
      expect(records).not.toEqual([])
      if (example.records === undefined)
        expect(records).not.toContainEqual(expect.objectContaining({ stream: 'foreign' }))
      else expect(records).toMatchObject(example.records)
    },
  )
})
