import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Snapshot } from '../../src/event/generated/snapshot-types.ts'
import { validateSnapshot } from '../../src/event/generated/validate-snapshot.ts'
import { reasonsOf } from '../../src/kernel/reasons/reasons.ts'
import { contradictionOf, interfaceNames, readSnapshot } from '../../src/kernel/snapshot.ts'
import { pairsOf, timekeeper } from '../../src/time/clock.ts'
import { schemaOf } from '../schemas/violations.ts'

const [EXAMPLE = {}] =
  schemaOf<{ readonly examples?: readonly Readonly<Record<string, unknown>>[] }>('snapshot').examples ?? []

function read(changes: Readonly<Record<string, unknown>> = {}): Snapshot {
  const result = readSnapshot(JSON.stringify({ ...EXAMPLE, ...changes }))
  if ('refused' in result) throw new Error(result.refused)
  return result.snapshot
}

describe('a snapshot file', () => {
  it('is read', () => {
    expect(read()).toEqual(EXAMPLE)
  })

  it('may hold what later versions add', () => {
    expect(read({ new: 1 })).toHaveProperty('new', 1)
  })

  it.each([
    ['', 'no snapshot: it is empty'],
    ['v: 1', 'no snapshot: no JSON'],
    ['{"v":1', 'no snapshot: broken JSON'],
    ['[]', 'no snapshot: it must be object'],
    ['{"v":2}', 'a snapshot of version 2, and only version 1 is known'],
    ['{"v":"1"}', 'no snapshot: /taken is missing'],
    ['{"kind":"drop"}', 'no snapshot: /v is missing'],
    [JSON.stringify({ ...EXAMPLE, v: 2 }), 'a snapshot of version 2, and only version 1 is known'],
    [JSON.stringify({ ...EXAMPLE, host: {} }), 'no snapshot: /host/kernel is missing'],
    [JSON.stringify({ ...EXAMPLE, taken: 'yesterday' }), 'no snapshot: /taken must match pattern'],
    [JSON.stringify({ ...EXAMPLE, interfaces: { 0: 'lo' } }), 'no snapshot: /interfaces/0 has a name that must match'],
    [JSON.stringify({ ...EXAMPLE, interfaces: { 1: '' } }), 'no snapshot: /interfaces/1 must match pattern'],
    [
      JSON.stringify({
        ...EXAMPLE,
        clocks: [{ id: 'perf', ns: '01', realtime_ns: '1', uncertainty_ns: 1, source: 'x' }],
      }),
      'no snapshot: /clocks/0/ns',
    ],
    [
      JSON.stringify({
        ...EXAMPLE,
        clocks: [{ id: 'relative', ns: '1', realtime_ns: '1', uncertainty_ns: 1, source: 'x' }],
      }),
      'no snapshot: /clocks/0/id',
    ],
    [
      JSON.stringify({ ...EXAMPLE, reasons: { core: { 3: 'NO SOCKET' }, subsystems: {} } }),
      'no snapshot: /reasons/core/3',
    ],
    [
      JSON.stringify({ ...EXAMPLE, reasons: { core: { 3: 'no_socket' }, subsystems: {} } }),
      'no snapshot: /reasons/core/3',
    ],
    [
      JSON.stringify({ ...EXAMPLE, reasons: { core: { 65536: 'NO_SOCKET' }, subsystems: {} } }),
      'no snapshot: /reasons/core/65536 ',
    ],
    [
      JSON.stringify({ ...EXAMPLE, reasons: { core: {}, subsystems: { 65536: { name: 'qdisc', names: {} } } } }),
      'no snapshot: /reasons/subsystems/65536 ',
    ],
    [JSON.stringify({ ...EXAMPLE, reasons: { core: {} } }), 'no snapshot: /reasons/subsystems is missing'],
    [' '.repeat(17_000_000), 'no snapshot: 17000000 characters'],
  ])('is refused: %#', (text, sentence) => {
    expect(readSnapshot(text)).toEqual({ refused: expect.stringContaining(sentence) })
  })

  it('has examples that its schema accepts', () => {
    expect(validateSnapshot(EXAMPLE), JSON.stringify(validateSnapshot.errors)).toBe(true)
  })

  it('gives clock pairs to a timekeeper', () => {
    const time = timekeeper({ pairs: pairsOf(read().clocks) })
    expect(time.tsOf('monotonic', '7814130105601')).toBe('2026-11-25T07:04:43.044465992Z')
  })
})

describe('a snapshot of another host', () => {
  it.each([
    [{}, undefined],
    [{ host: 'web-3' }, undefined],
    [{ host: 'web-3', kernel: '6.1.0-55-amd64' }, undefined],
    [{ host: 'web-3.example.org' }, undefined],
    [{ host: 'web-30' }, 'the capture is of host web-30, the snapshot of web-3'],
    [{ host: 'web' }, 'the capture is of host web, the snapshot of web-3'],
    [{ kernel: '6.1.0-56-amd64' }, 'the capture is of kernel 6.1.0-56-amd64, the snapshot of 6.1.0-55-amd64'],
  ])('is told by a header: %j', (facts, sentence) => {
    expect(contradictionOf(read(), facts)).toBe(sentence)
  })
})

describe('the name of an interface', () => {
  const alone = { network_namespace: { inode: 4026531840, is_alone: true } }
  const amongOthers = { network_namespace: { inode: 4026531840, is_alone: false } }

  it.each([
    ['of the snapshot’s namespace', amongOthers, 4026531840, 'eth0'],
    ['of another namespace', alone, 4026532200, undefined],
    ['of an unknown namespace, where there was one only', alone, undefined, 'eth0'],
    [
      'of an unknown namespace, where no other was seen',
      { network_namespace: { inode: 4026531840 } },
      undefined,
      'eth0',
    ],
    ['of an unknown namespace, where there were others', amongOthers, undefined, undefined],
    ['where namespaces could not be looked at', { network_namespace: undefined }, undefined, undefined],
  ])('%s', (_, changes, netns, name) => {
    expect(interfaceNames(read(changes))(2, netns)).toBe(name)
  })

  it('is unknown for a number that came later', () => {
    expect(interfaceNames(read(alone))(99, undefined)).toBeUndefined()
  })
})

describe('snapshots that were taken', () => {
  const taken = (name: string): Snapshot => {
    const path = new URL(`../../fixtures/snapshot/${name}.json`, import.meta.url)
    const result = readSnapshot(readFileSync(path, 'utf8'))
    if ('refused' in result) throw new Error(result.refused)
    return result.snapshot
  }

  it('are of one host, whoever took them', () => {
    const facts = ({ host, distribution, timezone, interfaces, tools }: Snapshot): unknown => ({
      host,
      distribution,
      timezone,
      interfaces,
      tools,
    })
    expect(facts(taken('script'))).toEqual(facts(taken('command')))
    expect(facts(taken('script-unprivileged'))).toEqual(facts(taken('command')))
  })

  it('give one moment of perf’s clock the same wall clock', () => {
    const times = ['command', 'script'].map((name) =>
      timekeeper({ pairs: pairsOf(taken(name).clocks) }).tsOf('perf', '15000000000000'),
    )
    // Within 0.1 ms of one another.
    expect(times.map((ts) => ts?.slice(0, 23))).toEqual(Array(2).fill(times[0]?.slice(0, 23)))
  })

  it('decode drop reasons', () => {
    const { reasons = { core: {}, subsystems: {} } } = taken('command')
    expect(reasonsOf(reasons, 'snapshot').decode(3)).toEqual({ name: 'NO_SOCKET', subsystem: 'core', by: 'snapshot' })
    expect(taken('script').reasons?.core[3]).toBe('NO_SOCKET')
    expect(taken('script-unprivileged').missing.map(({ what }) => what)).toEqual(['clocks.perf', 'reasons'])
  })
})
