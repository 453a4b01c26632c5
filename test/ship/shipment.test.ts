// Shipments over HTTP: what goes wrong on the way, one thing at a time.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { scratchFolder } from '../cli/program.ts'
import { type Fault, lineOf, type PlatformOptions, PlatformServer } from './server.ts'
import { madeLines, shipped } from './shipping.ts'

const scratch = scratchFolder()

let server: PlatformServer | undefined
afterEach(() => server?.close())

async function listen(options: PlatformOptions): Promise<PlatformServer> {
  server = await PlatformServer.listen(options)
  return server
}

/** These go wrong, one after the other, and then nothing. */
function faults(...list: readonly Fault[]): () => Fault | undefined {
  const left = [...list]
  return () => left.shift()
}

describe('a request that is to come later', () => {
  it.each<[Fault, number]>([
    ['busy', 250],
    ['busy for a second', 1250],
  ])('waits as the platform asks, and some time of its own on top: %s', async (fault, ms) => {
    const platform = await listen({ platform: 'loki', fault: faults(fault) })
    const { waits, ledger } = await shipped({ to: platform.to, lines: madeLines(3), random: () => 0.5 })
    expect(waits).toContain(ms)
    expect([ledger.acknowledged, ledger.retried, ledger.sent]).toEqual([3, 3, 6])
  })

  it('waits any time up to a bound that doubles', async () => {
    const platform = await listen({ platform: 'loki', fault: faults('busy', 'unavailable', 'bad gateway', 'busy') })
    const { waits } = await shipped({ to: platform.to, lines: madeLines(1), random: () => 0.999 })
    const bounds = waits.filter((ms) => ms !== 1000).map((ms) => Math.round(ms / 0.999))
    expect(bounds).toEqual([500, 1000, 2000, 4000])
  })

  it('is given up at the end of its time; what it held is among the dead letters', async () => {
    const platform = await listen({ platform: 'loki', fault: () => 'unavailable' })
    const deadLetters = scratch.in('given-up.ndjson')
    const lines = madeLines(3)
    const end = await shipped({ to: platform.to, lines, deadLetters, retryForMs: 60_000 })
    expect(end.failure?.message).toMatch(/^--to loki\+http:\/\/\S+: no success for \d+ s: HTTP 503$/)
    expect([end.ledger.left, end.imbalance, end.keptWhere]).toEqual([3, undefined, 'among the dead letters'])
    const dead = readFileSync(deadLetters, 'utf8').trimEnd().split('\n')
    expect(dead.map((entry) => `${JSON.parse(entry).line}\n`)).toEqual(lines)
  })
})

describe('a wait that the platform asks for', () => {
  it('ends the run where it is longer than there is time for', async () => {
    const platform = await listen({ platform: 'loki', fault: () => 'busy for a second' })
    const { failure, waits } = await shipped({ to: platform.to, lines: madeLines(1), retryForMs: 500 })
    expect(failure?.message).toMatch(/HTTP 429, and it is to be asked again after --retry-for is over/)
    expect(waits.filter((ms) => ms > 1000)).toEqual([])
  })
})

describe('a request that the platform does not take', () => {
  it('is halved where it is too large for a platform that never takes so much', async () => {
    const platform = await listen({ platform: 'loki', fault: faults('busy', 'busy', 'busy', 'busy', 'busy') })
    await shipped({ to: platform.to, lines: madeLines(4), concurrency: 1 })
    expect(platform.requests).toHaveLength(7)
  })

  it('is halved down to the record about which nothing is said', async () => {
    const platform = await listen({ platform: 'es-bulk', fault: faults('says nothing', 'says nothing') })
    const { ledger } = await shipped({ to: platform.to, lines: madeLines(4), concurrency: 1 })
    expect([ledger.acknowledged, ledger.refused]).toEqual([4, 0])
    expect([...platform.stored.values()]).toEqual([1, 1, 1, 1])
  })

  it('without a file of dead letters is said, and counted', async () => {
    const platform = await listen({ platform: 'es-bulk', refuses: ({ event }) => lineOf(event) === 2 })
    const { ledger, said } = await shipped({ to: platform.to, lines: madeLines(3) })
    expect([ledger.refused, ledger.dead]).toEqual([1, 0])
    expect(said.join()).toContain('no such field')
  })
})

describe('what is said', () => {
  it('is said once, however often it happens', async () => {
    const platform = await listen({ platform: 'es-bulk', fault: () => 'says nothing' })
    const { said, ledger } = await shipped({ to: platform.to, lines: madeLines(20) })
    expect(ledger.refused).toBe(20)
    expect(said).toHaveLength(2)
  })
})

describe('records of one stream', () => {
  it('are stored in their order, whatever is sent again', async () => {
    const platform = await listen({ platform: 'loki', fault: faults('slow', 'busy', 'cut in the body', 'slow') })
    await shipped({ to: platform.to, lines: madeLines(60), concurrency: 4 })
    expect(platform.order).toEqual(Array.from({ length: 60 }, (_, at) => at + 1))
  })
})

describe("Splunk's indexers", () => {
  it('are asked until they acknowledge', async () => {
    const platform = await listen({ platform: 'hec', ackAfter: 3 })
    const { ledger } = await shipped({ to: platform.to, lines: madeLines(2), hecChannel: 'c-1' })
    expect(ledger.acknowledged).toBe(2)
    expect(platform.requests.map(({ url }) => url)).toEqual([
      '/services/collector/event',
      ...Array.from({ length: 3 }, () => '/services/collector/ack'),
    ])
    expect(new Set(platform.requests.map(({ headers }) => headers['x-splunk-request-channel']))).toEqual(
      new Set(['c-1']),
    )
  })
})

describe('TLS', () => {
  /** A certificate for that name, which signs itself. */
  function certificate(name: string): { readonly key: string; readonly cert: string } {
    const [key, cert] = [scratch.in(`${name}.key`), scratch.in(`${name}.pem`)]
    const words = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, '-days', '2']
    execFileSync('openssl', [...words, '-subj', `/CN=${name}`, '-addext', `subjectAltName=${name}`], {
      stdio: 'ignore',
    })
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
  }

  it('is trusted where the authority is given', async () => {
    const tls = certificate('IP:127.0.0.1')
    const platform = await listen({ platform: 'es-bulk', tls })
    const { ledger } = await shipped({ to: platform.to, lines: madeLines(2), ca: tls.cert })
    expect(ledger.acknowledged).toBe(2)
  })

  it('of another name, or of nobody, ends the run: not a byte is sent', async () => {
    const tls = certificate('DNS:logs.example')
    const platform = await listen({ platform: 'es-bulk', tls })
    for (const ca of [tls.cert, undefined]) {
      const { failure, ledger } = await shipped({
        to: platform.to,
        lines: madeLines(2),
        ...(ca !== undefined && { ca }),
      })
      expect(failure?.message).toMatch(ca === undefined ? /self-signed certificate/ : /does not match certificate/)
      expect([ledger.left, platform.requests]).toEqual([2, []])
    }
  })
})

describe('a secret', () => {
  it('is in no message, also where the platform repeats it', async () => {
    const platform = await listen({ platform: 'loki', refuses: () => true })
    const secret = 'entry'
    const deadLetters = scratch.in('secret.ndjson')
    const { said } = await shipped({ to: platform.to, lines: madeLines(1), secret, deadLetters })
    expect(`${said.join()}${readFileSync(deadLetters, 'utf8')}`).not.toContain(secret)
    expect(readFileSync(deadLetters, 'utf8')).toContain('[secret] too far behind')
  })

  it('is in no message in parts either: what follows its scheme, and the password in it', async () => {
    const platform = await listen({ platform: 'loki', refuses: () => true })
    for (const secret of ['Basic entry', `Basic ${Buffer.from('user:entry').toString('base64')}`]) {
      const deadLetters = scratch.in(`parts-${secret.length}.ndjson`)
      await shipped({ to: platform.to, lines: madeLines(1), secret, deadLetters })
      expect(readFileSync(deadLetters, 'utf8')).toContain('[secret] too far behind')
    }
  })
})
