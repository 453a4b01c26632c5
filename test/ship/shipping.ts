// Shipments of made records, without the command line: their time is that of the test.

import { adapters } from '../../adapters/registry.ts'
import { OWN_NDJSON } from '../../src/commands/records-flags.ts'
import type { EnvelopeName } from '../../src/envelopes/envelope.ts'
import { openEnvelope } from '../../src/envelopes/open.ts'
import { RecordTimes } from '../../src/envelopes/time.ts'
import { ENDLESS } from '../../src/input/patience.ts'
import { BARE_PLAN } from '../../src/run/plan.ts'
import { wire } from '../../src/run/wire.ts'
import type { Backlog } from '../../src/ship/backlog.ts'
import { DeadLetters } from '../../src/ship/dead-letters.ts'
import { HttpPoster } from '../../src/ship/http.ts'
import { HttpCarrier } from '../../src/ship/http-carrier.ts'
import { MemoryBacklog } from '../../src/ship/memory-backlog.ts'
import { envelopePacker } from '../../src/ship/packer.ts'
import { Shipment, type ShipmentEnd } from '../../src/ship/shipment.ts'
import { parseTarget } from '../../src/ship/target.ts'
import type { Timing } from '../../src/ship/timing.ts'

/** Long enough for a busy machine. */
const TIMEOUT_MS = 20_000

interface HurriedTiming extends Timing {
  /** Those that were asked for, in milliseconds. */
  readonly waits: readonly number[]
}

/** Every wait is over at once, but that for an answer, which goes by the clock of the machine. */
function hurriedTiming(random: () => number, timeoutMs: number): HurriedTiming {
  const waits: number[] = []
  let nowMs = Date.UTC(2026, 11, 1)
  return {
    waits,
    nowMs: () => nowMs,
    random,
    after(ms, action) {
      if (ms === timeoutMs) {
        const timer = setTimeout(action, ms)
        return () => clearTimeout(timer)
      }
      waits.push(ms)
      const turn = setImmediate(() => {
        nowMs += ms
        action()
      })
      return () => clearImmediate(turn)
    },
  }
}

/** The line of a made record, with its line end. */
export function madeLine(number: number, reason = 'NO_SOCKET'): string {
  const ts = `2026-11-30T12:00:00.${String(number).padStart(9, '0')}Z`
  const id = number.toString(16).padStart(32, '0')
  const capture = { tool: 'perf', format: 'script', path: 'perf.txt', line: number }
  const event = { v: 1, kind: 'drop', ts, drop: { count: 1, reason }, capture, id }
  return `${JSON.stringify(event)}\n`
}

/** Lines 1 to `count`. */
export function madeLines(count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => madeLine(at + 1))
}

export interface Shipping {
  readonly to: string
  readonly lines: readonly string[]
  readonly random?: () => number
  readonly backlog?: Backlog
  readonly deadLetters?: string
  readonly batchRecords?: number
  readonly concurrency?: number
  readonly retryForMs?: number
  readonly hecChannel?: string
  readonly ca?: string
  readonly secret?: string
  readonly timeoutMs?: number
}

export interface Shipped extends ShipmentEnd {
  readonly said: readonly string[]
  readonly waits: readonly number[]
}

/** Ships lines, and says how it ended. */
export async function shipped(shipping: Shipping): Promise<Shipped> {
  const { lines, backlog = new MemoryBacklog() } = shipping
  const { shipment, said, timing } = await opened(shipping, backlog)
  for (const line of lines) {
    shipment.output.write(line)
    await shipment.output.flush()
  }
  shipment.inputEnded(true)
  const end = await shipment.finish(true, ENDLESS)
  return { ...end, said, waits: timing.waits }
}

async function opened(
  {
    to,
    random = () => 0.5,
    deadLetters,
    batchRecords = 5,
    hecChannel,
    ca,
    secret,
    timeoutMs = TIMEOUT_MS,
    ...rest
  }: Shipping,
  backlog: Backlog,
): Promise<{
  readonly shipment: Shipment
  readonly said: string[]
  readonly timing: HurriedTiming
}> {
  const target = parseTarget(to)
  const timing = hurriedTiming(random, timeoutMs)
  const said: string[] = []
  const { conversion } = await wire({ ...BARE_PLAN, from: OWN_NDJSON }, adapters)
  const proxy = { url: '', none: '' }
  const poster = new HttpPoster({ ca, proxy, headers: {}, secret, timeoutMs }, timing)
  const envelope = openEnvelope({ name: platformOf(target.platform), map: undefined, labels: ['kind'] })
  const shipment = new Shipment({
    to,
    backlog,
    reading: conversion,
    carrier: new HttpCarrier(poster, { envelope, url: target.url, hecChannel }),
    packer: envelopePacker(envelope, new RecordTimes({ as: 'reject' }, () => 0n), {
      bytes: 1024 * 1024,
      records: batchRecords,
    }),
    deadLetters: deadLetters === undefined ? undefined : new DeadLetters(deadLetters, to, timing),
    timing,
    batchAgeMs: 1000,
    concurrency: rest.concurrency ?? 2,
    retryForMs: rest.retryForMs ?? Number.POSITIVE_INFINITY,
    drainMs: 1000,
    say: (sentence) => said.push(sentence),
  })
  return { shipment, said, timing }
}

function platformOf(platform: EnvelopeName | 'nats'): EnvelopeName {
  if (platform === 'nats') throw new RangeError('NATS has no envelope')
  return platform
}
