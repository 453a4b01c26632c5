// The article's session, byte for byte as it is pasted, through the built program.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root, scratchFolder, tracenorm } from '../../cli/program.ts'
import { corpusPath, corpusText, hasCorpus } from './corpus.ts'

const PROGRAM = 'tracepoint:skb:kfree_skb {printf("%s: %d\\n", comm, args->reason)}'
const CAPTURE = join(root, 'fixtures/bpftrace/text/article/input.txt')
const scratch = scratchFolder()

interface Record {
  readonly kind: string
  readonly process?: { readonly comm?: string }
  readonly drop?: { readonly reason?: string; readonly code?: number }
  readonly message?: string
  readonly capture: { readonly tool: string }
}

async function recordsOf(...words: readonly string[]): Promise<readonly Record[]> {
  const { status, stdout, stderr } = await tracenorm(['--kind', 'all', '--kernel', '6.2', ...words])
  expect([status, stderr.split('\n').filter((line) => /undecoded|several readings|[0-9] rejected/.test(line))]).toEqual(
    [0, []],
  )
  return stdout
    .toString('utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}

describe('the article', () => {
  it.each(['--program', '-e'])("gives curl's two drops with %s, and what curl says is talk", async (flag) => {
    writeFileSync(scratch.in('article.bt'), `${PROGRAM}\n`)
    const records = await recordsOf(flag, flag === '-e' ? PROGRAM : scratch.in('article.bt'), CAPTURE)
    const drops = records.filter(({ kind }) => kind === 'drop')
    expect(drops.map(({ process, drop }) => [process?.comm, drop?.code, drop?.reason])).toEqual([
      ['curl', 3, 'NO_SOCKET'],
      ['curl', 3, 'NO_SOCKET'],
    ])
    const said = records.find(({ message }) => message?.startsWith('curl: (7) Failed to connect') === true)
    expect(said?.kind).toBe('message')
  })

  it.skipIf(!hasCorpus)('with the three tools in one file gives six drops', async () => {
    expect(corpusText('article/whole.txt')).toContain('bpftrace -e')
    const records = await recordsOf('--timezone', 'UTC', corpusPath('article/whole.txt'))
    const drops = records.filter(({ kind }) => kind === 'drop')
    expect(drops.map(({ capture, drop }) => `${capture.tool} ${drop?.reason}`)).toEqual(
      ['perf', 'perf', 'bpftrace', 'bpftrace', 'dropwatch', 'dropwatch'].map((tool) => `${tool} NO_SOCKET`),
    )
  })
})
