import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { openEnvelope } from '../envelopes/open.ts'
import { RecordTimes } from '../envelopes/time.ts'
import { codeOf, InputError } from '../errors.ts'
import { BARE_PLAN } from '../run/plan.ts'
import { wire } from '../run/wire.ts'
import type { Backlog } from '../ship/backlog.ts'
import { DeadLetters } from '../ship/dead-letters.ts'
import { HttpPoster } from '../ship/http.ts'
import { HttpCarrier } from '../ship/http-carrier.ts'
import type { Carrier } from '../ship/letter.ts'
import { MemoryBacklog } from '../ship/memory-backlog.ts'
import { loadNatsClients, NatsCarrier } from '../ship/nats.ts'
import { envelopePacker, linePacker, type Packer } from '../ship/packer.ts'
import { Shipment } from '../ship/shipment.ts'
import { Spool } from '../ship/spool/spool.ts'
import type { ShipTarget } from '../ship/target.ts'
import { pathOf } from '../text/file-name.ts'
import { shellWord } from '../text/printable.ts'
import type { CommandContext } from './command-context.ts'
import { type EnvelopeFlags, envelopeOf, fallbackOf, limitsOf } from './envelope-flags.ts'
import { OWN_NDJSON } from './records-flags.ts'
import type { ShipFlags } from './ship-flags.ts'
import { proxyFor } from './ship-proxy.ts'
import { authorizationOf, givenSecret, headersOf } from './ship-secret.ts'
import { OWN_TIMING } from './timing.ts'
import { wallClock } from './wall-clock.ts'

/** What a shipment is opened for. */
export interface ShipmentRequest {
  readonly target: ShipTarget
  readonly flags: ShipFlags & EnvelopeFlags
  /** The inputs by the names under which the spool remembers them; undefined: it cannot be read again. */
  readonly inputs: readonly (string | undefined)[]
  readonly say: (sentence: string) => void
}

/** Opens the spool, the dead letters and the way to the platform. Throws UsageError and InputError. */
export async function openShipment(request: ShipmentRequest, context: CommandContext): Promise<Shipment> {
  const { target, flags, say } = request
  const { carrier, packer } = openPlatform(request, context)
  const { conversion } = await wire({ ...BARE_PLAN, from: OWN_NDJSON }, context.adapters)
  const deadLetters =
    flags.deadLetter === undefined ? undefined : new DeadLetters(flags.deadLetter, target.name, OWN_TIMING)
  return new Shipment({
    to: target.name,
    backlog: await openBacklog(request),
    reading: conversion,
    carrier,
    packer,
    deadLetters,
    timing: OWN_TIMING,
    batchAgeMs: flags.batchAge,
    concurrency: flags.concurrency,
    retryForMs: flags.retryFor,
    drainMs: flags.drain,
    say,
  })
}

const SPOOL_BYTES = 1024 ** 3

async function openBacklog({ flags, inputs, say }: ShipmentRequest): Promise<Backlog> {
  if (flags.spool === undefined) {
    return new MemoryBacklog()
  }
  const spool = await Spool.open({ folder: flags.spool, most: flags.spoolMax ?? SPOOL_BYTES, paths: inputs })
  if (spool.torn > 0)
    say(`--spool ${shellWord(flags.spool)}: the last ${spool.torn} bytes were not written whole, and are cut off`)
  return spool
}

function openPlatform(
  { target, flags }: ShipmentRequest,
  context: CommandContext,
): { readonly carrier: Carrier; readonly packer: Packer } {
  const { platform, url, subject } = target
  const secret = givenSecret(flags.tokenFile, context)
  if (platform === 'nats') {
    const options = { server: url.href, subject: subject ?? '', secret, timeoutMs: flags.timeout }
    const carrier = new NatsCarrier(loadNatsClients(context.home), options)
    return { carrier, packer: linePacker(options.subject, NATS_LIMITS) }
  }
  const envelope = openEnvelope(envelopeOf(platform, flags))
  const times = new RecordTimes(fallbackOf(flags, wallClock()), wallClock)
  const poster = new HttpPoster(
    {
      ca: flags.ca === undefined ? undefined : pemIn(flags.ca),
      proxy: proxyFor(url, flags.proxy, context.env),
      headers: {
        'user-agent': `tracenorm/${context.version}`,
        ...headersOf(flags.header ?? []),
        ...(secret !== undefined && { authorization: authorizationOf(secret, target) }),
      },
      secret,
      timeoutMs: flags.timeout,
    },
    OWN_TIMING,
  )
  const hecChannel = platform === 'hec' && flags.hecAck === true ? randomUUID() : undefined
  return {
    carrier: new HttpCarrier(poster, { envelope, url, hecChannel }),
    packer: envelopePacker(envelope, times, limitsOf(platform, flags)),
  }
}

/** A server of NATS takes messages of 1 MiB; so many of ours are under way at once. */
const NATS_LIMITS = { bytes: 1024 * 1024, records: 512 }

function pemIn(file: string): string {
  try {
    return readFileSync(pathOf(file), 'utf8')
  } catch (error) {
    throw new InputError(`--ca ${shellWord(file)}: cannot read: ${codeOf(error) ?? String(error)}`)
  }
}
