import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { loadBundle } from '../../../src/kernel/reasons/bundle.ts'
import { pickTable } from '../../../src/kernel/reasons/pick.ts'
import { readReasons } from '../../../src/kernel/reasons/read.ts'
import type { ReasonTable } from '../../../src/kernel/reasons/reasons.ts'
import { schemaOf } from '../../schemas/violations.ts'
import { fixture, refusalIn, tableIn } from './files.ts'

const text = (string: string): Uint8Array => Buffer.from(string, 'latin1')
const textOf = (path: string): string => Buffer.from(fixture(path)).toString('latin1')

describe('a tracefs format file', () => {
  it.each([
    ['6.1.192', '6.1.0-56-amd64', ['NOT_DROPPED_YET']],
    ['6.12.117', '6.12.117+deb13-amd64', ['NOT_DROPPED_YET', 'CONSUMED']],
    ['6.18.44', '6.18.44', ['NOT_DROPPED_YET', 'CONSUMED']],
    ['7.2.13', '7.2.13+deb14-amd64', ['NOT_DROPPED_YET', 'CONSUMED']],
  ])(
    'of %s has the core names of the bundled table, but those that are no reasons',
    async (version, release, missing) => {
      const read = readReasons(fixture(`${version}/kfree_skb.format`))
      expect(read).toMatchObject({ by: 'format' })
      const pick = pickTable(await loadBundle(), release)
      if (pick.kind === 'unknown') throw new Error(pick.why)
      const expected = Object.fromEntries(Object.entries(pick.table.core).filter(([, name]) => !missing.includes(name)))
      expect(tableIn(read)).toEqual({ core: expected, subsystems: {} })
    },
  )

  it('of 5.10 gives a kernel without reasons', () => {
    expect(tableIn(readReasons(fixture('5.10.262/kfree_skb.format')))).toEqual({ core: {}, subsystems: {} })
  })

  it('is found among the files of other events', () => {
    const several =
      textOf('7.2.13/qdisc_drop.format') + textOf('6.1.192/kfree_skb.format') + textOf('7.2.13/qdisc_drop.format')
    expect(readReasons(text(several))).toEqual(readReasons(fixture('6.1.192/kfree_skb.format')))
  })

  it('of another event is refused, though it has reasons', () => {
    expect(refusalIn(readReasons(fixture('7.2.13/qdisc_drop.format')))).toContain('not of skb:kfree_skb')
  })

  it('is refused where the kernel did not resolve its table', () => {
    const unresolved = textOf('6.1.192/kfree_skb.format').replace('{ 1, "NOT', '{ SKB_DROP_REASON_NOT_SPECIFIED, "NOT')
    expect(refusalIn(readReasons(text(unresolved)))).toContain('not of numbers and names')
    const table = textOf('6.1.192/kfree_skb.format').replace(/__print_symbolic\(.*\)/, 'drop_reasons[REC->reason]')
    expect(refusalIn(readReasons(text(table)))).toContain('/sys/kernel/btf/vmlinux')
  })

  it('that is cut is refused, at whatever byte', () => {
    const bytes = fixture('6.1.192/kfree_skb.format')
    const closing = Buffer.from(bytes).lastIndexOf(')')
    for (let end = 0; end <= closing; end++)
      expect(readReasons(bytes.subarray(0, end)), `${end} bytes`).toHaveProperty('refused')
  })
})

describe('a C header', () => {
  const TABLE: ReasonTable = {
    core: {
      0: 'NOT_DROPPED_YET',
      1: 'CONSUMED',
      2: 'NOT_SPECIFIED',
      3: 'NO_SOCKET',
      4: 'PKT_TOO_SMALL',
      5: 'SKB_CSUM',
    },
    subsystems: {
      1: { name: 'mac80211_unusable', names: { 1: 'RX_DROP_U_MIC_FAIL', 2: 'RX_DROP_U_REPLAY' } },
      2: { name: 'mac80211_monitor', names: { 0: 'RX_DROP_MONITOR', 1: 'RX_DROP_M_UNEXPECTED_4ADDR_FRAME' } },
      3: { name: 'openvswitch', names: { 1: 'OVS_DROP_LAST_ACTION', 2: 'OVS_DROP_ACTION_ERROR' } },
    },
  }
  const header = textOf('header/dropreason.h')

  it('of the kernel gives its enums, comments and lists understood', () => {
    expect(readReasons(text(header))).toEqual({ table: TABLE, by: 'header' })
  })

  it('with CRLF is the same', () => {
    expect(tableIn(readReasons(text(header.replaceAll('\n', '\r\n'))))).toEqual(TABLE)
  })

  it('that bpftool made is the same as its BTF', () => {
    expect(tableIn(readReasons(fixture('7.2.13/bpftool.h')))).toEqual(
      tableIn(readReasons(fixture('7.2.13/vmlinux.btf'))),
    )
  })

  it.each([
    [
      'an enum that hangs on the configuration',
      header.replace('\tSKB_CONSUMED,', '#ifdef CONFIG_NET\n\tSKB_CONSUMED,\n#endif'),
      'not understood',
    ],
    ['a value that is no number', header.replace('SKB_CONSUMED,', 'SKB_CONSUMED = HOW_MUCH,'), 'not understood'],
    ['a list that differs from the enum', header.replace('\tFN(NO_SOCKET)\t\t\t\\\n', ''), 'differ'],
    ['the list alone', header.slice(0, header.indexOf('/**')), 'the list DEFINE_DROP_REASON without the enum'],
    ['other enums only', header.replaceAll('skb_drop_reason {', 'skb_drop_reasons {'), 'no enum skb_drop_reason'],
  ])('is refused for %s', (_, changed, why) => {
    expect(refusalIn(readReasons(text(changed)))).toContain(why)
  })

  it('that is cut gives all core names or none', () => {
    for (let end = 0; end < header.length; end++) {
      const read = readReasons(text(header.slice(0, end)))
      if (!('refused' in read)) expect(read.table.core, `${end} bytes`).toEqual(TABLE.core)
    }
  })

  test.prop(
    [
      fc.array(
        fc.tuple(
          fc.nat(header.length - 1),
          fc.constantFrom('(', ')', '{', '}', ',', '=', '#', '/', '*', '<', '\\', '\n', 'A'),
        ),
        { minLength: 1, maxLength: 5 },
      ),
    ],
    {
      numRuns: 500,
    },
  )('survives changed bytes', (changes) => {
    const chars = [...header]
    for (const [at, char] of changes) chars[at] = char
    expect(readReasons(text(chars.join('')))).toBeDefined()
  })

  it('is refused quickly when it tries to be slow', () => {
    const blanks = ' '.repeat(200_000)
    for (const body of [`A = 1${blanks};`, 'A'.repeat(500_000), '('.repeat(200_000), `${'L(X) '.repeat(50_000)}`]) {
      const forged = `#define L(R) ${'R(A) '.repeat(5_000)}\nenum skb_drop_reason {\n#define X(x) x,\n${body}\n};`
      expect(readReasons(text(forged))).toHaveProperty('refused')
    }
  })
})

describe('bpftool btf dump', () => {
  it.each(['7.2.13/bpftool.json', '7.2.13/bpftool.txt'])('%s is the same as the BTF it was made of', (path) => {
    expect(readReasons(fixture(path))).toEqual(readReasons(fixture('7.2.13/vmlinux.btf')))
  })

  it('of all of a kernel is read without parsing it all', () => {
    const { types } = JSON.parse(textOf('7.2.13/bpftool.json'))
    const other = (id: number): unknown => ({ id, kind: 'STRUCT', name: `drop_reason_${id}`, members: [{ name: 'a' }] })
    const others = Array.from({ length: 30_000 }, (_, id) => other(id))
    for (const all of [
      [...types, ...others],
      [...others.slice(0, 2000), ...types, ...others, ...others],
    ]) {
      const dump = JSON.stringify({ types: all })
      expect(dump.length).toBeGreaterThan(2 ** 21)
      expect(readReasons(text(dump))).toEqual(readReasons(fixture('7.2.13/vmlinux.btf')))
    }
  })

  it('leaves out values of more than 32 bits, which no reason has, and refuses fractions', () => {
    const dump = (val: number): Uint8Array => {
      const values = [
        { name: 'SKB_CONSUMED', val: 1 },
        { name: 'SKB_DROP_REASON_SUBSYS_MASK', val: -65536 },
        { name: 'SKB_DROP_REASON_FAR', val },
      ]
      return text(JSON.stringify({ types: [{ kind: 'ENUM64', name: 'skb_drop_reason', values }] }))
    }
    const plain = (val: number): Uint8Array =>
      text(
        `[1] ENUM64 'skb_drop_reason' encoding=SIGNED size=8 vlen=2\n\t'SKB_CONSUMED' val=1\n\t'SKB_DROP_REASON_FAR' val=${val}\n`,
      )
    for (const of of [dump, plain]) {
      expect(tableIn(readReasons(of(3))).core).toEqual({ 1: 'CONSUMED', 3: 'FAR' })
      for (const val of [2 ** 32 + 3, 2 ** 53, -(2 ** 32) + 3])
        expect(tableIn(readReasons(of(val))).core).toEqual({ 1: 'CONSUMED' })
    }
    expect(refusalIn(readReasons(dump(2.5)))).toContain('not as bpftool writes it')
  })

  it('as text, cut within an enum, is refused', () => {
    const dump = textOf('7.2.13/bpftool.txt')
    const cut = dump.slice(0, dump.indexOf("\t'SKB_DROP_REASON_NETFILTER_DROP'"))
    expect(refusalIn(readReasons(text(cut)))).toContain('enum skb_drop_reason is cut')
  })
})

describe('a snapshot', () => {
  const number = fc.integer({ min: 0, max: 0xffff }).map(String)
  const names = fc.dictionary(number, fc.stringMatching(/^[A-Z][A-Z0-9_]{0,127}$/))
  const table = fc.record({
    core: names,
    subsystems: fc.dictionary(
      number.filter((id) => id !== '0'),
      fc.record({ name: fc.stringMatching(/^[a-z0-9_]{1,20}$/), names }),
    ),
  })

  test.prop([table, fc.boolean()])('gives back what was put in, whole or its member alone', (reasons, whole) => {
    const json = JSON.stringify(whole ? { v: 1, host: { name: 'a' }, reasons } : reasons)
    expect(readReasons(text(json))).toEqual({ table: JSON.parse(JSON.stringify(reasons)), by: 'snapshot' })
  })

  it.each([
    ['{"reasons": {"core": {"2": 3}, "subsystems": {}}}', 'not numbers and names'],
    ['{"reasons": {"core": {"x": "NOMEM"}, "subsystems": {}}}', 'not numbers and names'],
    ['{"reasons": {"core": {"70000": "NOMEM"}, "subsystems": {}}}', 'not numbers and names'],
    ['{"reasons": {"core": {"2": "<script>"}, "subsystems": {}}}', 'not numbers and names'],
    ['{"reasons": {"core": {}, "subsystems": {"1": "mac80211"}}}', 'subsystem "1"'],
    ['{"reasons": {"core": {}, "subsystems": {"0": {"name": "core", "names": {}}}}}', 'subsystem "0"'],
    ['{"reasons": {"core": {}', 'broken JSON'],
    ['{"kind": "drop"}', 'neither bpftool btf dump -j nor a snapshot'],
  ])('refuses %s', (json, why) => {
    expect(refusalIn(readReasons(text(json)))).toContain(why)
  })
})

describe('a name that no event could hold', () => {
  const OTHERS = ['no_socket', '802_1Q', '_NO_SOCKET', 'NO-SOCKET', 'NO_SOCKET_É', 'N'.repeat(129)]
  const files: readonly (readonly [string, (name: string) => string])[] = [
    ['a snapshot', (name) => `{"core": {"3": "${name}"}, "subsystems": {}}`],
    [
      'a subsystem of a snapshot',
      (name) => `{"core": {}, "subsystems": {"2": {"name": "qdisc", "names": {"3": "${name}"}}}}`,
    ],
    [
      'bpftool -j',
      (name) => {
        const values = [
          { name: 'SKB_DROP_REASON_NOT_SPECIFIED', val: 2 },
          { name: `SKB_DROP_REASON_${name}`, val: 3 },
        ]
        return JSON.stringify({ types: [{ kind: 'ENUM', name: 'skb_drop_reason', values }] })
      },
    ],
    [
      'bpftool',
      (name) =>
        `[1] ENUM 'skb_drop_reason' encoding=UNSIGNED size=4 vlen=2\n\t'SKB_CONSUMED' val=1\n\t'SKB_DROP_REASON_${name}' val=3\n`,
    ],
    ['a header', (name) => `enum skb_drop_reason {\n\tSKB_CONSUMED,\n\tSKB_DROP_REASON_${name},\n};\n`],
    ['a format file', (name) => textOf('6.1.192/kfree_skb.format').replace('"NO_SOCKET"', `"${name}"`)],
  ]

  it.each(files)('makes %s refused', (_, fileOf) => {
    expect(readReasons(text(fileOf('OTHERWISE')))).toHaveProperty('table')
    for (const name of OTHERS) expect(refusalIn(readReasons(text(fileOf(name)))), name).not.toBe('')
  })

  it('is refused by the schemas of what holds names, which have the language of the event’s', () => {
    const patternOf = (schema: string, ...path: readonly string[]): unknown =>
      path.reduce<unknown>((inner, key) => Object(inner)[key], schemaOf(schema))
    const language = patternOf('event', '$defs', 'drop', 'properties', 'reason', 'pattern')
    expect(language).toMatch(/^\^/)
    expect(patternOf('snapshot', '$defs', 'names_by_number', 'additionalProperties', 'pattern')).toBe(language)
    expect(patternOf('reasons', '$defs', 'namesByNumber', 'additionalProperties', 'pattern')).toBe(language)
    const items = patternOf('reasons', '$defs', 'bundle', 'properties', 'lists', 'additionalProperties', 'items')
    expect(items).toEqual({ anyOf: [{ type: 'null' }, { type: 'string', pattern: language }] })
  })
})

describe('anything else', () => {
  it.each([
    ['gzip', [0x1f, 0x8b, 8], 'gzip'],
    ['zstd', [0x28, 0xb5, 0x2f, 0xfd], 'zstd'],
    ['an ELF file', [0x7f, 0x45, 0x4c, 0x46], '/sys/kernel/btf/vmlinux'],
    ['nothing', [], 'no drop reasons in it'],
  ])('is refused by what it is: %s', (_, bytes, why) => {
    expect(refusalIn(readReasons(Uint8Array.from(bytes)))).toContain(why)
  })

  test.prop([fc.uint8Array({ maxLength: 400 })], { numRuns: 1_000 })('is refused, whatever the bytes', (bytes) => {
    expect(readReasons(bytes)).toHaveProperty('refused')
  })
})
