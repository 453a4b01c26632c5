import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { scratchFolder, TWO_DROPS, tracenorm } from './program.ts'

const scratch = scratchFolder()

/** All that a terminal would obey, but for the ends of lines. */
const RAW = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069]/
const NASTY = 'x\ntracenorm: 9 records, nothing rejected\x1b[31m\x7f\x9b2J\u202egnp.txt'
const QUOTED = String.raw`x\x0atracenorm: 9 records, nothing rejected\x1b[31m\x7f\u009b2J\u202egnp.txt'`

/** A file with a name that plays tricks. */
function nastyFile(content: string): string {
  const path = scratch.in(NASTY)
  writeFileSync(path, content)
  return path
}

describe('on stderr', () => {
  it.each([
    ['convert', [] as const],
    ['detect', ['detect'] as const],
    ['validate', ['validate'] as const],
    ['summary', ['summary'] as const],
    ['--snapshot', ['--snapshot'] as const],
    ['--reasons', ['--reasons'] as const],
  ])('a name that no file has is quoted: %s', async (_, words) => {
    const { stderr, status } = await tracenorm([...words, scratch.in(`absent ${NASTY}`)], { input: '' })
    expect(status).not.toBe(70)
    expect(stderr).not.toMatch(RAW)
    expect(stderr).toContain(`absent ${QUOTED}`)
    expect(
      stderr
        .trimEnd()
        .split('\n')
        .filter((line) => line.includes('9 records')),
    ).toHaveLength(1)
  })

  it('a name with a line end cannot forge a line', async () => {
    const { stderr } = await tracenorm([nastyFile(`${TWO_DROPS}not of a tool\n`), '--from', 'perf'])
    expect(stderr.split('\n').filter((line) => line.startsWith('tracenorm: 9 records'))).toEqual([])
    expect(stderr).not.toMatch(RAW)
  })

  it('what commander says is one line, too', async () => {
    for (const words of [[`--${NASTY}`], ['--to', NASTY], ['--kinds', 'drop'], ['reasons', 'shw']]) {
      const { stderr, status } = await tracenorm(words)
      expect(status).toBe(2)
      expect(stderr).not.toMatch(RAW)
      expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    }
  })

  it('a command that is offered can be pasted into a shell', async () => {
    const path = scratch.in('a;touch X;.lz4')
    writeFileSync(path, Buffer.from([0x04, 0x22, 0x4d, 0x18]))
    const { stderr } = await tracenorm([path])
    expect(stderr).toContain(`lz4 -dc '${path}' | tracenorm`)
  })

  it('conflicts show content without what it would do', async () => {
    const text = `# hostname : evil\x1b]0;x\x07\n${TWO_DROPS}`
    const snapshot = scratch.in('snapshot.json')
    writeFileSync(
      snapshot,
      JSON.stringify({
        v: 1,
        taken: '2026-11-23T10:30:41.000000000Z',
        taken_by: 'test',
        host: { name: 'other', kernel: '6.12.0', arch: 'x86_64' },
        clocks: [],
        interfaces: {},
        tools: {},
        missing: [],
      }),
    )
    const { stderr } = await tracenorm(['--snapshot', snapshot], { input: text })
    expect(stderr).not.toMatch(RAW)
  })

  it('validate shows keys and values of anybody so', async () => {
    const key = 'k\x1b[2J\x9b\u202e'
    const input = `${JSON.stringify({ v: 1, kind: 'trace', [key]: 1 })}\n{"a\x1b[2J\u202e\n`
    const { stderr, status } = await tracenorm(['validate', '--strict'], { input })
    expect(status).toBe(5)
    expect(stderr).not.toMatch(RAW)
  })
})

describe('on stdout', () => {
  it('detect quotes names, as text and as JSON', async () => {
    const path = nastyFile(TWO_DROPS)
    const text = (await tracenorm(['detect', path])).stdout.toString('utf8')
    expect(text).toContain(QUOTED)
    expect(text).not.toMatch(RAW)
    expect(text.trimEnd().split('\n')).toHaveLength(1)
    const json = (await tracenorm(['detect', '--json', path])).stdout.toString('utf8')
    expect(json).not.toMatch(RAW)
    expect(JSON.parse(json).path).toBe(path)
  })

  it('summary shows what it counts without what it would do, as text and as JSON', async () => {
    const folder = scratch.in(`folder ${NASTY}`)
    mkdirSync(folder)
    writeFileSync(join(folder, 'a.txt'), TWO_DROPS.replaceAll('    curl', '\x1b[31m\x9b\u202ec'))
    for (const words of [[], ['--json']]) {
      const { stdout, stderr } = await tracenorm([
        'summary',
        '--by',
        'process.comm,capture.path',
        ...words,
        join(folder, 'a.txt'),
        join(folder, 'absent'),
      ])
      expect(stdout.toString('utf8')).not.toMatch(RAW)
      expect(stderr).not.toMatch(RAW)
    }
  })

  it('reasons says what it does not know in one line', async () => {
    for (const words of [
      ['show', NASTY],
      ['decode', NASTY],
      ['list', '--kernel', NASTY],
    ]) {
      const { stdout, stderr } = await tracenorm(['reasons', ...words])
      expect(stdout.toString('utf8') + stderr).not.toMatch(RAW)
      expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    }
  })
})
