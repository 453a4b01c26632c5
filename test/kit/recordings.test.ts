// A binary format whose records come in another order than their units.
import { beforeAll, describe, expect, it } from 'vitest'
import { adapters } from '../../adapters/registry.ts'
import { validateQuarantine } from '../../src/event/generated/validate-quarantine.ts'
import { Blocks } from '../../src/output/blocks.ts'
import { BARE_PLAN } from '../../src/run/plan.ts'
import { wire } from '../../src/run/wire.ts'
import { quarantine } from '../../src/sinks/quarantine.ts'
import { convertBytes } from './convert-bytes.ts'
import { expectSameForAnyChunks, type ToyConverter, type ToyRun, toyConverter } from './toys/laws.ts'
import { DROP, HOST, MAGIC, ROUND, ringlog } from './toys/ringlog.ts'

const MIB = 1024 * 1024

function unit(type: number, content: Uint8Array = new Uint8Array(0)): Buffer {
  const head = Buffer.alloc(5)
  head.writeUInt32LE(1 + content.length)
  head[4] = type
  return Buffer.concat([head, content])
}

function drop(ns: number, cpu: number, symbol = 'tcp_v4_rcv'): Buffer {
  const fixed = Buffer.alloc(9)
  fixed.writeBigUInt64LE(BigInt(ns))
  fixed[8] = cpu
  return unit(DROP, Buffer.concat([fixed, Buffer.from(symbol)]))
}

const host = unit(HOST, Buffer.from('web-7'.padEnd(16, '\0')))
/** 10 is the byte of a line end. */
const UNITS = [
  ...[drop(30, 0), drop(10, 1), drop(20, 1, 'a\nb'), unit(ROUND)],
  ...[drop(60, 0), drop(40, 1, '\nperf'), drop(50, 10, 'udp_rcv'), unit(ROUND)],
  ...[drop(90, 0), drop(80, 1)],
]
const SMALL = Buffer.concat([Buffer.from(MAGIC, 'latin1'), ...UNITS, host])

const eventsOf = ({ lines }: ToyRun): readonly { readonly [member: string]: unknown }[] =>
  lines.map((line) => JSON.parse(line))
const timesOf = (run: ToyRun): readonly number[] => run.lines.map((line) => Number(JSON.parse(line).clock.ns))
/** What a record says, whether the host is known or not yet. */
const saidBy = ({ lines }: ToyRun): readonly unknown[] =>
  lines.map((line) => {
    const { host: _, id: __, ...rest } = JSON.parse(line)
    return rest
  })

describe.each([true, false])('a recording, seekable: %s', (isSeekable) => {
  let convert: (bytes: Buffer, sizes?: readonly number[]) => Promise<ToyRun>
  let converter: ToyConverter

  beforeAll(async () => {
    converter = await toyConverter([...adapters, ringlog])
    convert = (bytes, sizes = [64 * 1024]) => converter(bytes, { isSeekable, sizes })
  })

  it('is given in the order of time, each record with the place and the bytes of its own unit', async () => {
    const run = await convert(SMALL)
    expect(timesOf(run)).toEqual([10, 20, 30, 40, 50, 60, 80, 90])
    for (const { capture } of run.lines.map((line) => JSON.parse(line))) {
      expect(capture).not.toHaveProperty('line')
      const bytes = SMALL.subarray(capture.offset, capture.offset + capture.length)
      expect([bytes.toString('utf8'), bytes.toString('base64')]).toContain(capture.raw)
    }
    const hosts = isSeekable ? 8 : 2
    expect(eventsOf(run).filter((event) => event.host !== undefined)).toHaveLength(hosts)
    expect(run.rejected).toEqual([])
  })

  it('gives the same for any chunking, good or damaged', async () => {
    await expectSameForAnyChunks(converter, SMALL, { isSeekable })
  })

  it('gives wherever it is cut off what the whole gives, in that order, and the rest is rejected', async () => {
    const whole = saidBy(await convert(SMALL)).map((event) => JSON.stringify(event))
    for (let end = MAGIC.length; end < SMALL.length; end++) {
      const run = await convert(SMALL.subarray(0, end))
      const said = saidBy(run).map((event) => JSON.stringify(event))
      expect(said, `${end}`).toEqual(whole.filter((event) => said.includes(event)))
      // Whole rounds are the beginning.
      const rounds = Math.floor(said.length / 3) * 3
      expect(said.slice(0, rounds), `${end}`).toEqual(whole.slice(0, rounds))
      const isWithin = run.rejected.length === 1
      expect(run.rejected.map((unit) => unit.split(' ')[1])).toEqual(isWithin ? ['truncated'] : [])
    }
  })

  it('goes on after a record longer than 1 MiB', async () => {
    const long = drop(5, 0, 'x'.repeat(2.5 * MIB))
    const bytes = Buffer.concat([Buffer.from(MAGIC, 'latin1'), drop(2, 0), long, drop(1, 1), unit(ROUND)])
    const run = await convert(bytes)
    expect(timesOf(run)).toEqual([1, 2])
    expect(run.rejected.map((text) => text.split(' ', 2).join(' '))).toEqual([
      `${MAGIC.length + drop(2, 0).length} too_long`,
      `${MAGIC.length + drop(2, 0).length + MIB} too_long`,
      `${MAGIC.length + drop(2, 0).length + 2 * MIB} too_long`,
    ])
    expect(await convert(bytes, [777_777])).toEqual(run)
  })

  it('rejects a record that it does not know, and goes on', async () => {
    const run = await convert(Buffer.concat([Buffer.from(MAGIC, 'latin1'), drop(2, 0), unit(9), drop(1, 1)]))
    expect([timesOf(run), run.rejected.length]).toEqual([[1, 2], 1])
  })
})

describe('a recording', () => {
  it('has offset and length in each record, whatever provenance the user asks for', async () => {
    const convert = await toyConverter([ringlog], undefined, 'line')
    const [first] = eventsOf(await convert(SMALL))
    expect(first?.capture).toEqual({
      tool: 'ringlog',
      format: 'ring',
      path: 'input.txt',
      offset: MAGIC.length + drop(30, 0).length,
      length: drop(10, 1).length,
    })
  })

  it('has no lines: what is rejected of it is quarantined by its bytes', async () => {
    const wired = await wire(BARE_PLAN, [ringlog])
    const { rejected } = await convertBytes(wired, SMALL.subarray(0, SMALL.length - 1))
    const { why, ...place } = rejected[0] ?? expect.fail('nothing is rejected')
    expect([rejected.length, why.word, place.line]).toEqual([1, 'truncated', undefined])
    let written = ''
    const output = new Blocks((block) => {
      written += block.toString('latin1')
    })
    quarantine({ ...place, path: 'a.ring', reader: 'ringlog', why: why.word, text: why.text }, output)
    await output.flush()
    const entry = JSON.parse(written)
    expect([validateQuarantine(entry), 'line' in entry, entry.offset]).toEqual([
      true,
      false,
      SMALL.length - host.length,
    ])
  })

  it('is found where the format is not named, and rejected whole where it is another file', async () => {
    const convert = await toyConverter([ringlog], 'ringlog')
    expect(timesOf(await convert(SMALL))).toHaveLength(8)
    const other = await convert(Buffer.from('340.7: not a recording\n'))
    expect([other.lines, other.rejected]).toEqual([[], ['0 unsupported 340.7: not a recording\n']])
  })

  it('is known by bytes that are no text: a first byte alone keeps nobody waiting', async () => {
    const convert = await toyConverter([...adapters, ringlog])
    const run = await convert(Buffer.from('RING\n'), { sizes: [1] })
    expect(run.lines.map((line) => JSON.parse(line).message)).toEqual(['RING'])
  })
})
