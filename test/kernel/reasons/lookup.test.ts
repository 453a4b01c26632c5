import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { loadBundle, loadExplanations } from '../../../src/kernel/reasons/bundle.ts'
import { compareTables, nearNames, parseCode, showReason } from '../../../src/kernel/reasons/lookup.ts'
import { pickTable } from '../../../src/kernel/reasons/pick.ts'
import { namesByCode, type ReasonTable } from '../../../src/kernel/reasons/reasons.ts'

const bundle = await loadBundle()
const explanations = await loadExplanations()
const show = (name: string) => showReason(bundle, explanations, name)

describe('showing a reason', () => {
  it('gives meaning, first check, and the number in every kernel', () => {
    expect(show('NETFILTER_DROP')).toMatchObject({
      name: 'NETFILTER_DROP',
      subsystem: 'core',
      meaning: expect.stringContaining('netfilter'),
      check: expect.stringContaining('nft list ruleset'),
      since: '5.18',
      until: '7.3',
      current: true,
      releases: [
        { first: '5.18', last: '6.1', code: 7 },
        { first: '6.2', last: '6.13', code: 8 },
        { first: '6.14', last: '7.3', code: 12 },
      ],
    })
    expect(show('NETFILTER_DROP')?.others).toContainEqual({ table: '6.12.97', code: 11 })
  })

  it('tells since when, until when, and what came after', () => {
    expect(show('CAKE_FLOOD')).toMatchObject({
      since: '6.14',
      until: '7.0',
      current: false,
      renames: [{ new: 'QDISC_DROP plus QDISC_DROP_FLOOD_PROTECTION' }],
    })
    expect(show('QDISC_DROP_FLOOD_PROTECTION')).toMatchObject({
      since: '7.1',
      subsystem: 'qdisc',
      renames: [{ old: 'CAKE_FLOOD' }],
    })
  })

  it('has two runs where a name went and came back under the same number', () => {
    expect(show('TC_ERROR')?.releases).toEqual([{ first: '6.7', last: '6.7', code: 83 }])
    expect(show('TCP_FILTER')).toMatchObject({
      releases: [],
      others: expect.arrayContaining([{ table: 'almalinux-9.0', code: 4 }]),
    })
  })

  it.each(['skb_drop_reason_no_socket', ' no_socket ', 'SKB_DROP_REASON_NO_SOCKET'])(
    'forgives the spelling %j',
    (word) => {
      expect(show(word)?.name).toBe('NO_SOCKET')
    },
  )

  it.each(['', 'toString', '__proto__', 'NO_SUCH_REASON'])('knows no %j', (word) => {
    expect(show(word)).toBeUndefined()
  })

  it.each([
    ['NETFILTER', 'NETFILTER_DROP'],
    ['NETFILTR_DROP', 'NETFILTER_DROP'],
    ['NO_SOKET', 'NO_SOCKET'],
    ['RPFILTER', 'IP_RPFILTER'],
  ])('suggests for %s %s', (word, name) => {
    expect(nearNames(bundle, word)).toContain(name)
  })

  it('suggests nothing for what is nothing', () => {
    expect(nearNames(bundle, 'completely_unlike_a_reason_of_any_kernel')).toEqual([])
  })
})

describe('numbers', () => {
  it.each([
    ['3', 3],
    ['0x10001', 65537],
    ['0XFFFFFFFF', 0xffffffff],
    ['007', 7],
    ['4294967296', undefined],
    ['-1', undefined],
    ['1e3', undefined],
    ['3.0', undefined],
    ['', undefined],
    ['NO_SOCKET', undefined],
  ])('%j is %s', (text, code) => {
    expect(parseCode(text)).toBe(code)
  })
})

describe('comparing two kernels', () => {
  const tableOf = (release: string): ReasonTable => {
    const pick = pickTable(bundle, release)
    if (pick.kind === 'unknown') throw new Error(pick.why)
    return pick.table
  }

  it('finds what the data set says of 6.1 and 6.2', () => {
    const { added, removed, moved } = compareTables(tableOf('6.1'), tableOf('6.2'))
    expect(added.map(({ name }) => name)).toEqual(['CONSUMED', 'DUP_FRAG', 'FRAG_REASM_TIMEOUT', 'FRAG_TOO_FAR'])
    expect(removed).toEqual([])
    expect(moved).toHaveLength(64)
    expect(moved).toContainEqual({ name: 'NO_SOCKET', from: 2, to: 3 })
  })

  it('finds a subsystem under another id', () => {
    expect(compareTables(tableOf('6.14.6'), tableOf('6.14.11')).moved).toContainEqual({
      name: 'OVS_DROP_METER',
      from: 0x30005,
      to: 0x20005,
    })
  })

  const ids = bundle.tables.map(({ id }) => id)
  test.prop([fc.constantFrom(...ids), fc.constantFrom(...ids)])('counts every name once', (a, b) => {
    const [from, to] = [tableOf(a), tableOf(b)]
    const { added, removed, moved, same } = compareTables(from, to)
    expect(removed.length + moved.length + same).toBe(namesByCode(from).size)
    expect(added.length + moved.length + same).toBe(namesByCode(to).size)
    expect(compareTables(to, from).added).toEqual(removed)
  })
})
