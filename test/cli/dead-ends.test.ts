// Where a user would be stuck: what is said, and which way leads on.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { MAIN } from './processes.ts'
import { root, scratchFolder, TWO_DROPS, tracenorm } from './program.ts'

const scratch = scratchFolder()
const DROPWATCH = join(root, 'fixtures/dropwatch/text')

const SNAPSHOT = {
  v: 1,
  taken: '2026-11-23T10:30:41.000000000Z',
  taken_by: 'test',
  host: { name: 'web-1', kernel: '6.12.0-acme', arch: 'x86_64' },
  timezone: { zone: 'Europe/Berlin' },
  clocks: [{ id: 'perf', ns: '0', realtime_ns: '1795430000000000000', uncertainty_ns: 1000, source: 'a test' }],
  reasons: { core: { 2: 'NOT_SPECIFIED', 3: 'ACME_SPECIAL' }, subsystems: {} },
  reasons_from: 'btf',
  interfaces: {},
  tools: {},
  missing: [],
}

describe('a reason that no kernel has', () => {
  it.each([
    ['NOSOCKET', 'near: NO_SOCKET'],
    ['SKB_DROP_REASON_TCP_CSUMM', 'near: TCP_CSUM'],
    ['qqqqqqqq', '--reasons'],
  ])('is refused, with those that are near: %s', async (reason, hint) => {
    const { status, stdout, stderr } = await tracenorm(['--reason', reason], { input: TWO_DROPS })
    expect([status, stdout.length]).toEqual([2, 0])
    expect(stderr).toMatch(/^tracenorm: --reason \S+: no kernel that is known has this reason; /)
    expect(stderr).toContain(hint)
  })

  it('is known where the user gave the kernel that has it', async () => {
    const snapshot = scratch.in('acme.json')
    writeFileSync(snapshot, JSON.stringify(SNAPSHOT))
    for (const flag of ['--snapshot', '--reasons']) {
      const { status } = await tracenorm(['--reason', 'acme_special', flag, snapshot], { input: TWO_DROPS })
      expect(status).toBe(0)
    }
    expect((await tracenorm(['filter', 'true', '--reason', 'NOSOCKET'])).status).toBe(2)
    expect((await tracenorm(['--reason', '77'], { input: TWO_DROPS })).status).toBe(0)
  })
})

describe('records without ts, or without names,', () => {
  it('are counted in one line, with the flags that would give them', async () => {
    const { stderr, status } = await tracenorm([], { input: TWO_DROPS })
    expect(status).toBe(0)
    expect(stderr.split('\n')).toContain('tracenorm: 2 records have no ts: give --snapshot FILE of the capturing host')
  })

  it('are no messages', async () => {
    const [drop = ''] = TWO_DROPS.toString().split('\n')
    const { stderr } = await tracenorm([], { input: `$ perf script\n${drop}\n` })
    expect(stderr).toContain('tracenorm: 1 record has no ts: give ')
  })

  it('are told of once a run, not once a file', async () => {
    const input = join(DROPWATCH, 'article/input.txt')
    const { stderr } = await tracenorm([input, input, join(root, 'fixtures/perf/script/seed-curl/input.txt')])
    const lines = stderr.split('\n').filter((line) => line.includes('no ts'))
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(
      /: \d+ records have no ts: give --timezone ZONE \(an IANA name, ±HH:MM, or local\) for the \d+ with a local time, or --snapshot FILE/,
    )
  })

  it('are not told of where they have them, or could not have them, or nobody wants to hear', async () => {
    const snapshot = scratch.in('web-1.json')
    writeFileSync(snapshot, JSON.stringify(SNAPSHOT))
    const heads = [
      ['--snapshot', snapshot, '--clock', 'perf'],
      ['--perf-time', 'relative'],
      ['--boot-time', '2026-11-23T10:30:41Z'],
      ['-q'],
    ]
    for (const words of heads) {
      const { stderr } = await tracenorm(words, { input: TWO_DROPS })
      expect(stderr).not.toContain('have no ts')
    }
  })

  it('are told of by number where only the kernel would name the reason', async () => {
    const input = TWO_DROPS.replaceAll(/reason: \w+/g, 'reason: 0x3')
    const { stderr, stdout } = await tracenorm([], { input })
    expect(stderr).toMatch(
      /; 2 records have the number of a reason and no name: give --kernel RELEASE, --reasons FILE, or --snapshot FILE/,
    )
    expect((await tracenorm(['filter', 'true'], { input: stdout })).stderr).not.toContain('--kernel')
    expect((await tracenorm(['--kernel', '6.1'], { input })).stderr).not.toContain('--kernel')
  })
})

describe('--since and --until', () => {
  it('over records without ts say so, and end with 3 when nothing could be judged', async () => {
    const { status, stderr, records } = await tracenorm(['--since', '2020-01-01T00:00:00Z'], { input: TWO_DROPS })
    expect([status, records.length]).toEqual([3, 0])
    expect(stderr).toContain(
      'tracenorm: --since judges by ts, and none of 2 records has one: nothing could be judged\n',
    )
  })

  it('say how many they left out where some have it', async () => {
    const [first = ''] = (await tracenorm(['--boot-time', '2026-11-23T10:30:41Z'], { input: TWO_DROPS })).stdout
      .toString('utf8')
      .split('\n')
    const [second = ''] = (await tracenorm([], { input: TWO_DROPS })).stdout.toString('utf8').split('\n')
    const { status, stderr, records } = await tracenorm(
      ['filter', 'true', '--since', '2020-01-01T00:00:00Z', '--until', '2030-01-01T00:00:00Z'],
      { input: `${first}\n${second}\n` },
    )
    expect([status, records.length]).toEqual([0, 1])
    expect(stderr).toContain('--since and --until judge by ts, and 1 of 2 records have none: they are left out')
  })

  it('over nothing have nothing to say', async () => {
    expect((await tracenorm(['--since', '-1h'])).status).toBe(0)
  })
})

describe('a record on which an expression would cost too much', () => {
  it('is rejected: kept, told of, status 3; the others are judged', async () => {
    const ndjson = (await tracenorm([], { input: TWO_DROPS })).stdout.toString('utf8')
    const [first = ''] = ndjson.split('\n')
    const other = first.replace('"comm":"curl"', '"comm":"wget"')
    const doubling = `process.comm != "curl" || [process.comm]${'.map(a, a + a)'.repeat(40)}.size() > 0`
    const quarantine = scratch.in('dear.ndjson')
    const run = await tracenorm(['filter', doubling, '--quarantine', quarantine], { input: `${first}\n${other}\n` })
    expect([run.status, run.records.length]).toEqual([3, 1])
    expect(run.stderr).toContain('stdin: line 1, column 1: the expression takes more than a million steps; kept in ')
    expect(run.stderr).toContain('1 rejected')
  })

  it('is refused at once where no record plays a part', async () => {
    const run = await tracenorm(['filter', `[[1]]${'.map(a, a + a)'.repeat(40)}.size() > 0`])
    expect([run.status, run.stderr]).toEqual([
      2,
      'tracenorm: expression: column 1: the expression takes more than a million steps\n',
    ])
  })
})

describe('a command', () => {
  it.each([
    ['convrt', 'convert'],
    ['Summry', 'summary'],
  ])('that is misspelt is not taken for a file: %s', async (word, meant) => {
    const { status, stderr } = await tracenorm([word, 'x'])
    expect([status, stderr]).toEqual([
      2,
      `tracenorm: "${word}" is no command and no file; "tracenorm ${meant}" was meant?\n`,
    ])
  })

  it('is not meant where there is such a file, or the name is like none', async () => {
    writeFileSync(scratch.in('convrt'), TWO_DROPS)
    expect((await tracenorm(['convrt'], { cwd: scratch.path })).records).toHaveLength(2)
    expect((await tracenorm(['nowhere'])).stderr).toContain('nowhere: no such file')
  })

  it('that is missing, on a terminal, prints the help', () => {
    const said = execFileSync('script', ['-qec', `${process.execPath} ${MAIN}`, '/dev/null'], { timeout: 20_000 })
    expect(said.toString('utf8')).toContain('Usage: tracenorm [command] [flags] [files...]')
  })
})

describe('help', () => {
  it.each([[[]], [['summary']]])('has examples and exit statuses: %j', async (words) => {
    const help = (await tracenorm([...words, '--help'])).stdout.toString('utf8')
    expect(help).toContain('\nExamples:\n')
    expect(help).toContain('\nExit status, the first that applies:\n')
  })

  it.each(['convert', 'batch', 'ship', 'filter', 'export', 'summary'])(
    'of %s says what each example does',
    async (verb) => {
      const help = (await tracenorm([verb, '--help'])).stdout.toString('utf8')
      expect(help).not.toMatch(/ $/m)
    },
  )

  it('names in ship no form that --to does not take there', async () => {
    const help = (await tracenorm(['ship', '--help'])).stdout.toString('utf8')
    expect(help).toContain('\nWhat is in a request:\n')
    expect(help).not.toContain('--to es-bulk')
  })

  it('has its flags in groups', async () => {
    const help = (await tracenorm(['convert', '--help'])).stdout.toString('utf8')
    const groups = [...help.matchAll(/^(\S.*):$/gm)].map(([, title]) => title)
    expect(groups).toEqual([
      'Arguments',
      'How it is read',
      'What is written',
      'For log platforms (--to es-bulk, loki, hec, otlp)',
      'Which records are kept, and what of them',
      'What is known of the capturing host',
      'What is in each record',
      'How packed inputs are read',
      'What is reported of the run',
      'How it runs',
      'Options',
      'Examples',
      'Exit status, the first that applies',
    ])
  })
})
