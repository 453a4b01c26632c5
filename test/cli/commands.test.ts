import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { spawned } from './processes.ts'
import { EVENT, NO_EVENT, root, scratchFolder, TWO_DROPS, tracenorm } from './program.ts'

const scratch = scratchFolder()
const CAPTURE = join(root, 'fixtures/perf/script/seed-curl/input.txt')

describe('--version and --help', () => {
  it('say what they are asked, with status 0', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    for (const word of ['--version', '-V'])
      for (const run of [await tracenorm([word]), await spawned([word])])
        expect([run.status, run.stdout.toString('utf8'), run.stderr]).toEqual([0, `${version}\n`, ''])
    for (const words of [['--help'], ['help'], ['convert', '--help'], ['validate', '--help'], ['detect', '--help']]) {
      const run = await tracenorm(words)
      expect([run.status, run.stderr]).toEqual([0, ''])
      expect(run.stdout.toString('utf8')).toMatch(/^Usage: tracenorm/)
    }
  })

  it('name every flag of convert that the design names', async () => {
    const help = (await tracenorm(['convert', '--help'])).stdout.toString('utf8')
    for (const flag of ['--from', '-o, --output', '--kind', '--host', '--label', '--provenance', '--id', '--id-salt'])
      expect(help).toContain(flag)
    for (const flag of ['--validate', '--quarantine', '--on-reject', '--max-rejects', '--report', '-q, --quiet'])
      expect(help).toContain(flag)
  })
})

describe('convert', () => {
  it('is the command when none is named', async () => {
    const plain = await tracenorm([CAPTURE])
    expect((await tracenorm(['convert', CAPTURE])).stdout).toEqual(plain.stdout)
    expect((await tracenorm(['-'], { input: TWO_DROPS })).records.map(({ capture }) => capture.path)).toEqual([
      '-',
      '-',
    ])
  })

  it('reads several files in order, each from its first line', async () => {
    const { records } = await tracenorm([CAPTURE, '-', CAPTURE], { input: TWO_DROPS })
    expect(records.map(({ capture }) => `${capture.path === '-' ? 'stdin' : 'file'} ${capture.line}`)).toEqual([
      'file 1',
      'file 2',
      'stdin 1',
      'stdin 2',
      'file 1',
      'file 2',
    ])
  })

  it('passes on its own records as they came', async () => {
    const first = await tracenorm([CAPTURE])
    expect((await tracenorm([], { input: first.stdout })).stdout).toEqual(first.stdout)
  })
})

describe('detect', () => {
  it('says which reader, how sure, and why', async () => {
    const { status, stdout } = await tracenorm(['detect', CAPTURE])
    expect(status).toBe(0)
    expect(stdout.toString('utf8')).toMatch(/: perf:script \(\d+ of 100\): .+\n$/)
  })

  it('gives JSON, and status 3 where nobody knows it', async () => {
    writeFileSync(scratch.in('notes.txt'), 'to do: buy milk\n')
    const { status, stdout } = await tracenorm(['detect', '--json', CAPTURE, scratch.in('notes.txt')])
    expect(status).toBe(3)
    const [known, unknown] = stdout
      .toString('utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line))
    expect(known).toMatchObject({ path: CAPTURE, reader: 'perf:script' })
    expect(unknown.reader).toBeUndefined()
  })

  it('of a missing file is an error', async () => {
    const { status, stderr } = await tracenorm(['detect', scratch.in('nowhere')])
    expect([status, stderr]).toEqual([1, `tracenorm: ${scratch.in('nowhere')}: no such file\n`])
  })
})

describe('schema and adapters', () => {
  it('print the strict variant, which refuses what it does not name', async () => {
    const { stdout, status } = await tracenorm(['schema', '--strict'])
    const strict = JSON.parse(stdout.toString('utf8'))
    expect(status).toBe(0)
    expect(strict.$id).toMatch(/event\.v1\.strict\.schema\.json$/)
    const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(strict)
    const event = {
      v: 1,
      kind: 'loss',
      loss: { unit: 'records', cause: 'unknown', mode: 'delta' },
      capture: { path: 'x', line: 1 },
    }
    expect(validate(event)).toBe(true)
    expect(validate({ ...event, later: 1 })).toBe(false)
    expect((await tracenorm(['schema', '--strict', '--of', 'report'])).status).toBe(2)
  })

  it('print the schemas as they stand', async () => {
    for (const [words, name] of [
      [['schema'], 'event'],
      [['schema', '--of', 'report'], 'report'],
      [['schema', '--of', 'quarantine'], 'quarantine'],
      [['schema', '--of', 'manifest'], 'manifest'],
    ] as const) {
      const { stdout } = await tracenorm(words)
      expect(stdout.toString('utf8')).toBe(readFileSync(join(root, `schemas/${name}.v1.schema.json`), 'utf8'))
    }
  })

  it('list each reader with its formats', async () => {
    const { stdout } = await tracenorm(['adapters'])
    expect(stdout.toString('utf8')).toContain('perf:script')
    const list = JSON.parse((await tracenorm(['adapters', '--json'])).stdout.toString('utf8'))
    expect(list.map(({ name }: { readonly name: string }) => name)).toEqual(
      expect.arrayContaining(['dropwatch', 'perf', 'tracenorm']),
    )
  })
})

describe('validate', () => {
  it('accepts what convert writes, --strict too', async () => {
    const { stdout } = await tracenorm(['--kind', 'all', CAPTURE])
    const run = await tracenorm(['validate', '--strict'], { input: stdout })
    expect([run.status, run.stderr]).toEqual([0, 'tracenorm: 2 records, all valid\n'])
  })

  it('ends with 5, and says line, field and why', async () => {
    const wrong = EVENT.replace('"line":1', '"line":0')
    const run = await tracenorm(['validate'], { input: `${EVENT}${wrong}${NO_EVENT}no json\n${EVENT}` })
    expect(run.status).toBe(5)
    const lines = run.stderr.trimEnd().split('\n')
    expect(lines[0]).toMatch(/^tracenorm: stdin: line 2: capture\.line .+/)
    expect(lines[1]).toMatch(/^tracenorm: stdin: line 3: .*drop/)
    expect(lines[2]).toMatch(/^tracenorm: stdin: line 4: no JSON: /)
    expect(lines[3]).toBe('tracenorm: 3 of 5 records are not valid')
    expect((await tracenorm(['validate', '-q'], { input: wrong })).status).toBe(5)
  })

  it('lets members pass that it does not know, but for --strict', async () => {
    const input = EVENT.replace('"kind"', '"later":1,"kind"')
    expect((await tracenorm(['validate'], { input })).status).toBe(0)
    const strict = await tracenorm(['validate', '--strict'], { input })
    expect(strict.status).toBe(5)
    expect(strict.stderr).toContain('line 1: later is not a member that the schema allows there\n')
  })

  it('of a missing file is an error', async () => {
    const run = await tracenorm(['validate', scratch.in('nowhere'), '-'], { input: NO_EVENT })
    expect(run.status).toBe(1)
    expect(run.stderr).toBe(
      `tracenorm: ${scratch.in('nowhere')}: no such file\ntracenorm: stdin: line 1: drop is missing\n`,
    )
  })
})
