// Flags for common filters. Each becomes an expression of --where.
import { UsageError } from '../../errors.ts'
import { parseRfc3339, rfc3339Of } from '../../time/rfc3339.ts'
import type { FilterExpression } from '../where.ts'

/** The flags as typed. Values of one flag are alternatives; different flags must all hold. */
export interface CommonFlags {
  readonly reason?: readonly string[]
  readonly comm?: readonly string[]
  readonly pid?: readonly string[]
  readonly device?: readonly string[]
  readonly protocol?: readonly string[]
  readonly location?: readonly string[]
  readonly since?: readonly string[]
  readonly until?: readonly string[]
}

/**
 * The expressions of the flags. `nowNs`, in nanoseconds since 1970, is for times such as `-15m`. Throws UsageError.
 */
export function expressionsOf(flags: CommonFlags, nowNs: bigint): readonly FilterExpression[] {
  return [
    ...anyOf('--reason', flags.reason, reasonIs),
    ...anyOf('--comm', flags.comm, (comm) => `process.comm == ${quoted(comm)}`),
    ...anyOf('--pid', flags.pid, pidIs),
    ...anyOf('--device', flags.device, deviceIs),
    ...anyOf('--protocol', flags.protocol, protocolIs),
    ...anyOf('--location', flags.location, locationIs),
    ...anyOf('--since', flags.since, (time) => `ts >= ${quoted(timeOf('--since', time, nowNs))}`),
    ...anyOf('--until', flags.until, (time) => `ts < ${quoted(timeOf('--until', time, nowNs))}`),
  ]
}

/** One expression: true when the test of any value is true. */
function anyOf(
  name: string,
  values: readonly string[] | undefined,
  test: (value: string) => string,
): readonly FilterExpression[] {
  if (values === undefined || values.length === 0) return []
  return [{ name, text: values.map(test).join(' || ') }]
}

const DIGITS = /^\d{1,15}$/
const HEX = /^0[xX][0-9a-fA-F]{1,12}$/

function reasonIs(reason: string): string {
  const name = reasonNamed(reason)
  return name === undefined ? `drop.code == ${Number(reason)}` : `drop.reason == ${quoted(name)}`
}

/**
 * The name of a drop reason in `--reason`, in upper case without its prefix; undefined when it is a number. Throws
 * UsageError.
 */
export function reasonNamed(reason: string): string | undefined {
  if (DIGITS.test(reason) || HEX.test(reason)) return undefined
  const name = reason.toUpperCase().replace(/^SKB_DROP_REASON_/, '')
  if (!/^[A-Z][A-Z0-9_]*$/.test(name)) throw new UsageError(`--reason ${reason}: this is neither a name nor a number`)
  return name
}

/** The process id, or the thread id where the tool gives no other (perf's default text). */
function pidIs(pid: string): string {
  if (!DIGITS.test(pid)) throw new UsageError(`--pid ${pid}: this is not a number`)
  return `(has(process.pid) ? process.pid == ${Number(pid)} : process.tid == ${Number(pid)})`
}

/** The name of a device, or its index. */
function deviceIs(device: string): string {
  const byName = `device.name == ${quoted(device)}`
  return DIGITS.test(device) ? `${byName} || device.ifindex == ${Number(device)}` : byName
}

/** The name of an EtherType in any case, or its number. */
function protocolIs(protocol: string): string {
  if (DIGITS.test(protocol) || HEX.test(protocol)) return `skb.protocol == ${Number(protocol)}`
  return `skb.protocol_name.lowerAscii() == ${quoted(protocol.toLowerCase())}`
}

/** `tcp_v4_rcv`, `tcp_v4_rcv+0x157`, or an address. */
function locationIs(location: string): string {
  if (/^0[xX][0-9a-fA-F]{1,16}$/.test(location)) {
    const digits = location
      .slice(2)
      .toLowerCase()
      .replace(/^0+(?=.)/, '')
    return `location.address == ${quoted(`0x${digits}`)}`
  }
  const [, symbol, offset] = /^(.+)\+(0[xX][0-9a-fA-F]{1,12})$/.exec(location) ?? []
  return symbol === undefined
    ? `location.symbol == ${quoted(location)}`
    : `location.symbol == ${quoted(symbol)} && location.offset == ${Number(offset)}`
}

const UNITS_NS: Readonly<Record<string, bigint>> = {
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
}

function timeOf(flag: string, text: string, nowNs: bigint): string {
  const ns = /^[-+]/.test(text) ? relativeNs(text, nowNs) : parseRfc3339(text)
  const ts = ns === undefined ? undefined : rfc3339Of(ns)
  if (ts !== undefined) return ts
  throw new UsageError(
    `${flag} ${text}: this is not a time`,
    'a time is UTC or has an offset (2026-11-23T12:00:00Z, 2026-11-23T13:00:00+01:00), or counts from now (-15m, -1h30m)',
  )
}

function relativeNs(text: string, nowNs: bigint): bigint | undefined {
  if (!/^[-+](?:\d{1,9}(?:ms|s|m|h|d))+$/.test(text)) return undefined
  let span = 0n
  for (const [, digits = '', unit = ''] of text.matchAll(/(\d+)(ms|s|m|h|d)/g))
    span += BigInt(digits) * (UNITS_NS[unit] ?? 0n)
  return text.startsWith('-') ? nowNs - span : nowNs + span
}

/** A text as a literal of CEL, which has all escapes of JSON. */
function quoted(text: string): string {
  return JSON.stringify(text)
}
