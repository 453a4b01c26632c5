import { describe, expect, it } from 'vitest'
import type { Adapter, OpenReader, Reader, Window } from '../../src/contract.ts'
import { seal } from '../../src/event/part.ts'
import { EventRecord } from '../../src/event/record.ts'
import { imbalance } from '../../src/read/ledger.ts'
import type { InputOutcome } from '../../src/run/outcome.ts'
import { BARE_PLAN } from '../../src/run/plan.ts'
import { wire } from '../../src/run/wire.ts'
import { convertBytes } from '../kit/convert-bytes.ts'

/**
 * Reads lines `name:text` as records, and says `message` of all others; `name!` alone breaks, `name?` is claimed with
 * no byte of it.
 */
function toy(name: string): Adapter {
  const reader: Reader = {
    read({ text, last }, out) {
      let start = 0
      while (start < text.length) {
        const lf = text.indexOf('\n', start)
        if (lf < 0 && !last) return
        const end = lf < 0 ? text.length : lf + 1
        const line = text.slice(start, lf < 0 ? end : lf)
        if (line === '') out.claim('blank', end)
        else if (line === `${name}?`) out.claim('data', start)
        else if (line.startsWith(`${name}:`)) {
          out.claim('data', end)
          const record = new EventRecord('trace')
          record.payload = seal('payload', line.slice(name.length + 1))
          out.record(record)
        } else if (line === `${name}!`) {
          if (!out.reject({ word: 'malformed', text: 'breaks' }, end, start)) return
        } else if (!out.message(line, end, 'info', 'foreign')) return
        start = end
      }
    },
  }
  return {
    name,
    formats: [{ name: 'text', title: name, versions: '1', example: `${name}:x`, unit: 'line' }],
    flags: [],
    detect(lines) {
      if (lines.startsWith(`${name}:`)) return { format: 'text', score: 95, why: `it begins with ${name}` }
      if (lines.startsWith(`like ${name}`)) return { format: 'text', score: 70, why: `it is like ${name}` }
      // As dropwatch knows `length: 74`.
      return lines.startsWith(`length${name}:`) ? { format: 'text', score: 40, why: 'a line of a block' } : undefined
    },
    load: async () => () => reader,
  }
}

interface Converted {
  readonly outcome: InputOutcome
  readonly lines: readonly string[]
  readonly rejected: readonly string[]
}

/** Reads `key: number`, lines that any tool may print: a flag implies it. */
function impliedToy(): Adapter {
  const reads = (line: string): boolean => /^[a-z]+: [0-9]+$/.test(line.trimEnd())
  const reader: Reader = {
    reads,
    read({ text, last }, out) {
      for (let start = 0; start < text.length; ) {
        const lf = text.indexOf('\n', start)
        if (lf < 0 && !last) return
        const end = lf < 0 ? text.length : lf + 1
        const line = text.slice(start, end).trimEnd()
        if (!reads(line)) {
          if (!out.message(line, end, 'info', 'foreign')) return
        } else {
          if (out.yields(false)) return
          out.claim('data', end)
          const record = new EventRecord('trace')
          record.payload = seal('payload', line)
          out.record(record)
        }
        start = end
      }
    },
  }
  return {
    name: 'implied',
    formats: [{ name: 'text', title: '', versions: '1', example: 'x: 1', unit: 'line' }],
    flags: [],
    detect: (lines) => (lines.startsWith('implied!') ? { format: 'text', score: 95, why: 'its own' } : undefined),
    load: async () => () => reader,
  }
}

async function convert(
  text: string,
  chunkBytes = 7,
  implied?: Adapter,
  toys: readonly Adapter[] = [toy('one'), toy('two')],
): Promise<Converted> {
  const adapters = [...toys, ...(implied === undefined ? [] : [implied])]
  const wired = await wire({ ...BARE_PLAN, implied: implied?.name, validate: 'full' }, adapters)
  const bytes = Buffer.from(text, 'latin1')
  const { output, rejected, outcome } = await convertBytes(wired, bytes, { path: 'toy.txt', sizes: [chunkBytes] })
  expect(imbalance(outcome.ledger)).toBeUndefined()
  return {
    outcome,
    lines: output.split('\n').slice(0, -1),
    rejected: rejected.map(({ line, reader, why, bytes }) => `${line} ${reader} ${why.word} ${bytes.length}`),
  }
}

const kindAndLine = (line: string): string => {
  const { kind, payload, message, capture } = JSON.parse(line)
  return `${capture.line} ${capture.tool ?? '-'} ${kind} ${payload ?? message}`
}

describe('an input with two tools in it', () => {
  const session = 'root@host:~# one\none:a\none:b\nsome noise\ntwo:c\n\ntwo:d\none:e'

  it('changes readers at the line that only the other tool prints', async () => {
    const { outcome, lines } = await convert(session)
    expect(lines.map(kindAndLine)).toEqual([
      '1 one message root@host:~# one',
      '2 one trace a',
      '3 one trace b',
      '4 one message some noise',
      '5 two trace c',
      '7 two trace d',
      '8 one trace e',
    ])
    expect(outcome.readers.map(({ line, name }) => `${line} ${name}`)).toEqual(['1 one', '5 two', '8 one'])
  })

  it('gives the same bytes for any chunking', async () => {
    const whole = await convert(session, session.length)
    for (let size = 1; size < 30; size++) expect((await convert(session, size)).lines).toEqual(whole.lines)
  })
})

describe('a line of which a reader claims no byte', () => {
  it('is rejected, in whatever pieces it comes, and the run goes on with balanced books', async () => {
    const text = 'one:a\none?\none:b\n\none?'
    for (let size = 1; size <= text.length; size++) {
      const { outcome, lines, rejected } = await convert(text, size)
      expect(lines.map(kindAndLine), `${size}`).toEqual(['1 one trace a', '3 one trace b'])
      expect(rejected, `${size}`).toHaveLength(2)
      expect([imbalance(outcome.ledger), outcome.ledger.units.rejected, outcome.bugs]).toEqual([
        undefined,
        { units: 2, bytes: 9 },
        [],
      ])
    }
  })
})

describe('the reader that a flag implies', () => {
  const cases: readonly (readonly [what: string, text: string, expected: readonly string[]])[] = [
    ['has the lines that no adapter is sure of', 'hello\na: 1\n', ['1 implied message hello', '2 implied trace a: 1']],
    ['leaves lines to adapters that are sure of them', 'one:a\none:b\n', ['1 one trace a', '2 one trace b']],
    ['gives back what it does not know', 'a: 1\none:a\n', ['1 implied trace a: 1', '2 one trace a']],
    [
      'has what is foreign to another reader, and knows where it stops',
      'one:a\nb: 2\nhello\nc: 3\n',
      ['1 one trace a', '2 implied trace b: 2', '3 one message hello', '4 implied trace c: 3'],
    ],
    [
      'does not keep a line that another adapter thinks likely its own',
      'like one\na: 1\nlike two\n',
      ['1 one message like one', '2 implied trace a: 1', '3 two message like two'],
    ],
    [
      'gives way where a line may belong to a reader that was here',
      'one:a\nb: 2\nlengthone: 74\nlengthtwo: 74\n',
      ['1 one trace a', '2 implied trace b: 2', '3 one message lengthone: 74', '4 implied trace lengthtwo: 74'],
    ],
    [
      'stays after a line of its own',
      'one:a\nimplied!\nhello\n',
      ['1 one trace a', '2 implied message implied!', '3 implied message hello'],
    ],
  ]

  it.each(cases)('%s', async (_, text, expected) => {
    const { lines } = await convert(text, text.length, impliedToy())
    expect(lines.map(kindAndLine)).toEqual(expected)
    for (let size = 1; size < 9; size++) expect((await convert(text, size, impliedToy())).lines).toEqual(lines)
  })
})

describe('an input whose readers take turns', () => {
  it('keeps the first 1,000 turns, and counts the others', async () => {
    const { outcome } = await convert('one:a\ntwo:b\n'.repeat(600), 4096)
    expect([outcome.readers.length, outcome.more.readers]).toEqual([1000, 200])
    expect(outcome.ledger.units.data.units).toBe(1200)
  })
})

describe('an input that no adapter knows', () => {
  it('is foreign text without a tool, and not understood', async () => {
    const { outcome, lines } = await convert('hello\n$ ls\nworld\n')
    expect(lines.map(kindAndLine)).toEqual(['1 - message hello', '2 - message $ ls', '3 - message world'])
    expect(lines.map((line) => JSON.parse(line).stream)).toEqual(['foreign', 'prompt', 'foreign'])
    expect(outcome.notUnderstood).toBe(true)
    expect(outcome.readers).toEqual([])
  })

  it('is understood from the first line on that an adapter knows, however late', async () => {
    const noise = 'noise\n'.repeat(20)
    const { lines, outcome } = await convert(`${noise}two:x\n`)
    expect(lines.map(kindAndLine).at(-1)).toBe('21 two trace x')
    expect(outcome.ledger.foreign).toBe(20)
  })
})

describe('what cannot be read', () => {
  it('is rejected with its line and its bytes', async () => {
    const { rejected, outcome } = await convert('one:a\none!\none:b\n')
    expect(rejected).toEqual(['2 one malformed 5'])
    expect(outcome.ledger.units.rejected).toEqual({ units: 1, bytes: 5 })
  })

  it('may be a line over 1 MiB: it is rejected in pieces, and the next line is read', async () => {
    const long = `one:${'x'.repeat(2.5 * 1024 * 1024)}`
    const { rejected, lines } = await convert(`one:a\n${long}\none:b\n`, 50_000)
    expect(rejected).toEqual(['2 one too_long 1048576', '2 one too_long 1048576', '2 one too_long 524293'])
    expect(lines.map(kindAndLine)).toEqual(['1 one trace a', '3 one trace b'])
    expect((await convert(`one:a\n${long}\none:b\n`, 999_983)).rejected).toEqual(rejected)
  })
})

describe('a reader that says where reading goes on after a long unit', () => {
  const long = 'x'.repeat(1.2 * 1024 * 1024)

  function resuming(resume: (window: Window) => number | undefined): Adapter {
    const one = toy('one')
    return { ...one, load: async (format) => withResume(await one.load(format)) }
    function withResume(open: OpenReader): OpenReader {
      return (context) => ({ read: (window, out) => open(context).read(window, out), resume })
    }
  }

  it('sees each window of it once, and goes on where it said', async () => {
    const seen: number[] = []
    const reader = resuming(({ bytes, text }) => {
      seen.push(bytes.length)
      const end = text.indexOf('|')
      return end < 0 ? undefined : end + 1
    })
    const { lines, rejected } = await convert(`one:a\n${long}|one:b\n`, 50_000, undefined, [reader])
    expect(seen).toEqual([1024 * 1024, long.length + '|one:b\n'.length - 1024 * 1024])
    expect(lines.map(kindAndLine)).toEqual(['1 one trace a', '2 one trace b'])
    expect(rejected).toHaveLength(2)
  })

  it.each([0, -1, 0.5, Number.NaN, 2 ** 21])('is at fault where that is at %d', async (end) => {
    const { lines, rejected } = await convert(`one:a\n${long}\none:b\n`, 50_000, undefined, [resuming(() => end)])
    expect(lines.map(kindAndLine)[0]).toBe('1 one trace a')
    expect(rejected[0]).toBe('2 one invalid 1048576')
  })
})

describe('a reader that resumes after a fault of its own', () => {
  it('is not shown a byte of it again', async () => {
    const one = toy('one')
    const stuck: Adapter = {
      ...one,
      load: async (format) => {
        const open = await one.load(format)
        return (context) => ({ read: (window, out) => open(context).read(window, out), resume: () => 0 })
      },
    }
    const { lines, rejected } = await convert('one:a\none?\none:b\n', 7, undefined, [stuck])
    expect(lines.map(kindAndLine)).toEqual(['1 one trace a'])
    expect(rejected).toEqual(['2 one invalid 11'])
  })
})

describe('a reader that is asked for what it kept', () => {
  it('may claim nothing then: it is a bug of ours', async () => {
    const one = toy('one')
    const late: Adapter = {
      ...one,
      load: async () => () => ({
        read: ({ text }, out) => out.claim('data', text.length),
        end: (out) => out.claim('data', 1),
      }),
    }
    const { outcome } = await convert('one:a\n', 7, undefined, [late])
    expect(outcome.bugs).toEqual([expect.stringContaining('the reader of one, at the end: a claim')])
  })
})
