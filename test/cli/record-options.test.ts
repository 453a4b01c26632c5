import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { validateStrict } from '../../src/event/generated/validators.ts'
import { dropLine, scratchFolder, TWO_DROPS, tracenorm } from './program.ts'

const scratch = scratchFolder()

const ids = (records: readonly { readonly id?: string }[]): readonly (string | undefined)[] =>
  records.map(({ id }) => id)

const message = (text: string): Buffer =>
  Buffer.concat([Buffer.from(TWO_DROPS), Buffer.from(text, 'latin1'), Buffer.from('\n')])

describe('--id', () => {
  const words = ['--id', '--id-salt', 'run 7']

  it('is the same for the same input, however it arrives', async () => {
    const lines = Array.from({ length: 50 }, (_, index) => dropLine(index)).join('')
    const whole = await tracenorm(words, { input: lines })
    expect(new Set(ids(whole.records)).size).toBe(50)
    for (const id of ids(whole.records)) expect(id).toMatch(/^[0-9a-f]{32}$/)
    const bytes = Buffer.from(lines)
    const pieces = Array.from({ length: Math.ceil(bytes.length / 97) }, (_, at) =>
      bytes.subarray(97 * at, 97 * (at + 1)),
    )
    expect(ids((await tracenorm(words, { input: pieces })).records)).toEqual(ids(whole.records))
    writeFileSync(scratch.in('same.txt'), lines)
    expect(ids((await tracenorm([...words, scratch.in('same.txt')])).records)).toEqual(ids(whole.records))
  })

  it('is another one for equal bytes at another place, under another salt or path, or of another host', async () => {
    const [first, second] = ids((await tracenorm(words, { input: dropLine(1).repeat(2) })).records)
    expect(first).not.toBe(second)
    writeFileSync(scratch.in('a'), TWO_DROPS)
    writeFileSync(scratch.in('b'), TWO_DROPS)
    const runs = [
      [scratch.in('a')],
      [scratch.in('b')],
      [scratch.in('a'), '--id-salt', 'x'],
      [scratch.in('a'), '--host', 'h1'],
    ]
    const all = await Promise.all(runs.map(async (run) => ids((await tracenorm(['--id', ...run])).records)))
    expect(new Set(all.flat()).size).toBe(8)
  })

  it('demands a salt for stdin, which has no name', async () => {
    const { status, stderr } = await tracenorm(['--id', '-'], { input: TWO_DROPS })
    expect(status).toBe(2)
    expect(stderr).toMatch(/^tracenorm: --id on stdin needs --id-salt TEXT; [^\n]+\n$/)
  })
})

describe('--provenance full', () => {
  it('gives the bytes of each record, so that they can be put together', async () => {
    const { records } = await tracenorm(['--provenance', 'full'], { input: TWO_DROPS })
    expect(records.map(({ capture }) => capture.raw).join('')).toBe(TWO_DROPS)
    for (const { capture } of records)
      expect(TWO_DROPS.slice(capture.offset, (capture.offset ?? 0) + (capture.length ?? 0))).toBe(capture.raw)
  })

  it('gives base64 of bytes that are no text', async () => {
    const input = message('noise \xff\xfe \0')
    const { records } = await tracenorm(['--provenance', 'full', '--kind', 'message'], { input })
    expect(Buffer.from(records[0]?.capture.raw ?? '', 'base64').toString('latin1')).toBe('noise \xff\xfe \0\n')
  })

  it('leaves raw out, and never cuts it, where the line would be too long', async () => {
    const input = message('x'.repeat(200_000))
    const { records, stdout } = await tracenorm(['--provenance', 'full', '--kind', 'message'], { input })
    expect(records[0]?.capture).toMatchObject({ length: 200_001 })
    expect(records[0]?.capture.raw).toBeUndefined()
    expect(records[0]?.flags).toBeUndefined()
    expect(stdout.length).toBeGreaterThan(200_000)
  })
})

describe('--host and --label', () => {
  it('stand in every record', async () => {
    const words = ['--host', 'web-1', '--label', 'site=fra', '--label', 'run=a=b', '--validate', 'full']
    const { records } = await tracenorm(words, { input: TWO_DROPS })
    for (const record of records) {
      expect(record.host).toEqual({ name: 'web-1' })
      expect(record.labels).toEqual({ site: 'fra', run: 'a=b' })
      expect(validateStrict(record)).toBe(true)
    }
  })

  it.each([
    ['--label', 'novalue'],
    ['--label', '=x'],
    ['--host', ''],
    ['--label', 'a='],
  ])('%s %j never gives a record that the schema refuses', async (flag, value) => {
    const { status, records } = await tracenorm([flag, value], { input: TWO_DROPS })
    expect(status === 2 || records.every((record) => validateStrict(record))).toBe(true)
    expect(status).not.toBe(70)
  })
})

describe('a label', () => {
  it.each([
    ['a blank in its key', ['a b=1']],
    ['a dot in its key', ['app.kubernetes.io/name=x']],
    ['a digit first', ['1st=x']],
    ['a key of __proto__.x', ['__proto__.x=1']],
    ['a key of 65 characters', [`${'k'.repeat(65)}=x`]],
    ['the key of another', ['site=a', 'site=b']],
    ['the key of another but for its case', ['site=a', 'SITE=b']],
    ['a value over 1 KiB', [`site=${'ü'.repeat(513)}`]],
    ['64 before it', Array.from({ length: 65 }, (_, at) => `l${at}=x`)],
  ])('with %s is refused, before anything is read', async (_, labels) => {
    const words = labels.flatMap((label) => ['--label', label])
    const { status, stdout, stderr } = await tracenorm(words, { input: TWO_DROPS })
    expect([status, stdout.length]).toEqual([2, 0])
    expect(stderr).toMatch(/^tracenorm: option '--label <key=value>' argument .* is invalid\. .+\n$/)
  })

  it('has any text of up to 1 KiB as its value', async () => {
    const value = `=\n"${'ü'.repeat(510)}`
    const { status, records } = await tracenorm(['--label', `_Site9=${value}`], { input: TWO_DROPS })
    expect(status).toBe(0)
    expect(records[0]?.labels).toEqual({ _Site9: value })
    expect(validateStrict(records[0])).toBe(true)
  })

  it('64 times, with the longest values, leaves room for the record', async () => {
    const words = Array.from({ length: 64 }, (_, at) => ['--label', `l${at}=${'x'.repeat(1024)}`]).flat()
    const { status, records } = await tracenorm(words, { input: TWO_DROPS })
    expect(status).toBe(0)
    expect(records[0]?.flags).toBeUndefined()
  })
})

describe('a line of output', () => {
  it('is at most 256 KiB: a longer one is trimmed and flagged', async () => {
    const input = message(`${'\xc3\xbc'.repeat(100)}${'x'.repeat(500_000)}`)
    const { records, stdout } = await tracenorm(['--kind', 'message', '--validate', 'full'], { input })
    expect(records[0]?.flags).toEqual(['truncated'])
    expect(stdout.length).toBeLessThanOrEqual(256 * 1024 + 1)
    expect(stdout.length).toBeGreaterThan(250 * 1024)
    expect(validateStrict(records[0])).toBe(true)
  })

  it('has no text that is cut within a character', async () => {
    const input = message('\xf0\x9f\x98\x80'.repeat(100_000))
    const { stdout } = await tracenorm(['--kind', 'message'], { input })
    expect(stdout.length).toBeLessThanOrEqual(256 * 1024 + 1)
    expect(stdout.toString('utf8')).not.toContain('\ufffd')
  })

  it('has U+FFFD for what is no UTF-8 and for NUL, and says so', async () => {
    const comm = dropLine(1).replace('curl', '\xe4\xf6\xfcx')
    const { records } = await tracenorm(['--kind', 'all'], {
      input: Buffer.concat([Buffer.from(comm, 'latin1'), message('a\0b')]),
    })
    expect(records[0]?.process?.comm).toBe('\ufffd\ufffd\ufffdx')
    expect(records[0]?.flags).toEqual(['text_replaced'])
    expect(records[3]).toMatchObject({ message: 'a\ufffdb', flags: ['text_replaced'] })
  })
})

describe('--kind', () => {
  it('is all but message unless it is named', async () => {
    const input = message('hello')
    expect((await tracenorm([], { input })).records).toHaveLength(2)
    expect((await tracenorm(['--kind', 'all'], { input })).records).toHaveLength(3)
    expect((await tracenorm(['--kind', 'message,loss'], { input })).records).toHaveLength(1)
    expect((await tracenorm(['--kind', 'drops'], { input })).status).toBe(2)
  })
})

describe('the same bytes', () => {
  it('come out in any time zone and locale', async () => {
    const dropwatch = readFileSync(
      new URL('../../fixtures/dropwatch/text/article/input.txt', import.meta.url),
      'latin1',
    )
    const words = ['--kind', 'all', '--timezone', 'America/New_York']
    const input = `${TWO_DROPS}${dropwatch}`
    const outputs = await Promise.all(
      [
        { TZ: 'UTC', LC_ALL: 'C' },
        { TZ: 'Asia/Tokyo', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' },
        { TZ: 'Australia/Lord_Howe', LC_ALL: 'de_DE.UTF-8' },
      ].map(async (env) => (await tracenorm(words, { input, env })).stdout.toString('latin1')),
    )
    expect(outputs[0]?.length).toBeGreaterThan(1000)
    expect(new Set(outputs).size).toBe(1)
  })
})
