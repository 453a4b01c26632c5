// `tracenorm ship`, as a user meets it.
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { proxyFor } from '../../src/commands/ship-proxy.ts'
import { main } from '../../src/program.ts'
import { dropLine, scratchFolder, tracenorm } from '../cli/program.ts'
import { memoryIo } from '../io.ts'
import { lineOf, type PlatformOptions, PlatformServer } from './server.ts'
import { madeLines } from './shipping.ts'

const scratch = scratchFolder()

let server: PlatformServer | undefined
afterEach(() => server?.close())

async function listen(options: PlatformOptions): Promise<PlatformServer> {
  server = await PlatformServer.listen(options)
  return server
}

const CAPTURE = Array.from({ length: 50 }, (_, at) => dropLine(at)).join('')
const QUICK = ['--batch-age', '1ms']

function fileOf(name: string, text: string): string {
  const path = scratch.in(name)
  writeFileSync(path, text)
  return path
}

function reportIn(path: string): { readonly status: number; readonly shipped: Readonly<Record<string, number>> } {
  return JSON.parse(readFileSync(path, 'utf8'))
}

describe('ship', () => {
  it.each(['es-bulk', 'loki', 'hec', 'otlp'] as const)('brings a capture to %s, and says so', async (platform) => {
    const { to, stored, complaints } = await listen({ platform })
    const report = scratch.in(`report-${platform}.json`)
    const words = ['ship', '--to', to, ...QUICK, '--ts-fallback', 'start', '--report', report]
    const { status, stdout, stderr } = await tracenorm(words, { input: CAPTURE })
    expect([status, stdout.length, complaints]).toEqual([0, 0, []])
    expect(stderr).toContain('50 to ship, 50 acknowledged, 0 refused')
    expect([...stored.values()]).toEqual(Array.from({ length: 50 }, () => 1))
    expect(reportIn(report).shipped).toMatchObject({ read: 50, sent: 50, acknowledged: 50, left: 0, open: 0 })
  })

  it('does not send a record without a time, unless it is asked to: it is among the dead letters', async () => {
    const { to, stored } = await listen({ platform: 'loki' })
    const dead = scratch.in('untimed.ndjson')
    const { status } = await tracenorm(['ship', '--to', to, '--dead-letter', dead], { input: CAPTURE })
    expect([status, stored.size]).toEqual([3, 0])
    const [entry = ''] = readFileSync(dead, 'utf8').split('\n')
    expect(JSON.parse(entry)).toMatchObject({ v: 1, to, reason: expect.stringContaining('no ts') })
  })

  it('sends dead letters again, byte by byte', async () => {
    const refusing = await listen({ platform: 'es-bulk', refuses: ({ event }) => lineOf(event) % 2 === 0 })
    const lines = madeLines(10)
    const dead = scratch.in('again.ndjson')
    const input = lines.join('')
    const first = await tracenorm(['ship', '--to', refusing.to, ...QUICK, '--dead-letter', dead], { input })
    expect([first.status, refusing.stored.size]).toEqual([3, 5])
    refusing.close()
    const { to, stored } = await listen({ platform: 'es-bulk' })
    const second = await tracenorm(['ship', '--to', to, ...QUICK, '--from-dead-letter', dead])
    expect(second.status).toBe(0)
    expect([...stored.keys()]).toEqual([2, 4, 6, 8, 10])
    const same = await tracenorm(['ship', '--to', to, '--from-dead-letter', dead, '--dead-letter', dead])
    expect([same.status, same.stderr]).toEqual([
      2,
      expect.stringContaining('--dead-letter would write to what is read'),
    ])
  })

  it('gives ids where they are kept, also on stdin, and the same ones for a file', async () => {
    const { to, stored } = await listen({ platform: 'es-bulk' })
    const capture = fileOf('ids.txt', CAPTURE)
    const words = ['ship', '--to', to, ...QUICK, '--ts-fallback', 'start', '-q']
    for (let run = 0; run < 2; run++) expect((await tracenorm([...words, capture])).status).toBe(0)
    expect(new Set(stored.values())).toEqual(new Set([1]))
    await tracenorm(words, { input: CAPTURE })
    expect(new Set(stored.values())).toEqual(new Set([2]))
  })
})

describe('the spool', () => {
  it('is empty after a run that ended, and keeps what a signal left; the next run goes on', async () => {
    let isAway = true
    const { to, stored } = await listen({ platform: 'es-bulk', fault: () => (isAway ? 'unavailable' : undefined) })
    const spool = scratch.in('spool')
    const capture = fileOf('spooled.txt', CAPTURE)
    const words = ['ship', '--to', to, ...QUICK, '--spool', spool, '--drain', '1ms', '--ts-fallback', 'start']
    const io = memoryIo()
    const ending = main([...words, capture], io)
    await settled(() => (server?.requests.length ?? 0) > 0)
    io.signals.emit('SIGTERM', 'SIGTERM')
    expect(await ending).toBe('SIGTERM')
    expect(io.stderr.bytes.toString()).toContain('50 left in the spool')
    isAway = false
    const report = scratch.in('spooled.json')
    expect((await tracenorm([...words, '--report', report, capture])).status).toBe(0)
    expect(reportIn(report).shipped).toMatchObject({ found: 50, read: 50, known: 50, acknowledged: 50 })
    expect([...stored.values()]).toEqual(Array.from({ length: 50 }, () => 1))
    expect(readdirSync(spool)).toEqual([])
  })

  it('refuses an input that is another one now', async () => {
    const { to } = await listen({ platform: 'es-bulk', fault: () => 'unavailable' })
    const words = ['ship', '--to', to, ...QUICK, '--spool', scratch.in('other'), '--drain', '1ms', '-q']
    const capture = fileOf('other.txt', CAPTURE)
    const io = memoryIo()
    const ending = main([...words, '--ts-fallback', 'start', capture], io)
    await settled(() => (server?.requests.length ?? 0) > 0)
    io.signals.emit('SIGTERM', 'SIGTERM')
    await ending
    fileOf('other.txt', CAPTURE.replaceAll('tcp_v4_rcv', 'udp_queue'))
    const { status, stderr } = await tracenorm([...words, capture])
    expect([status, stderr]).toEqual([1, expect.stringContaining('its first records are not the 50')])
  })
})

describe('what may not be', () => {
  it.each([
    [['--to', 'http://logs/x'], 'not the URL of a platform'],
    [['--to', 'es+https://user:pw@logs/x'], 'a URL with a user or a password'],
    [['--to', 'es+https://logs'], 'it names no index'],
    [['--to', 'nats://logs'], 'it names no subject'],
    [['--to', 'loki+http://logs', '--header', 'Authorization: Bearer x'], 'everybody who lists processes sees it'],
    [['--to', 'nats://logs/%zz'], 'it names no subject'],
    [['--to', 'es+https://%zz/drops'], 'it names no host'],
    [['--to', 'es+http://logs?pipeline=pw'], 'it names no index'],
    [['--to', 'loki+http://logs', '--proxy', 'socks5://proxy'], 'not the URL of a proxy'],
    [['--to', 'loki+http://logs', '--proxy', 'http://user:pw@proxy'], 'a URL with a user or a password'],
    [['--to', 'loki+http://logs', '--timeout', '0s'], 'no answer comes in no time'],
    [['--to', 'loki+http://logs', '--hec-ack'], '--hec-ack is for hec'],
    [['--to', 'es+http://logs/x', '--labels', 'kind'], '--labels is for loki'],
    [['--to', 'es+http://logs/x', '--spool-max', '1M'], '--spool-max is for --spool'],
    [['--to', 'nats://logs/x', '--ca', 'ca.pem'], '--ca is for platforms of HTTP'],
    [['--to', 'loki+http://logs', '--metrics', 'nowhere'], 'not an address'],
    [['--to', 'loki+http://logs', '--dead-letter', '-'], 'names no file'],
    [['--to', 'loki+http://logs', '--retry-for', '5'], 'a number with its unit'],
    [[], "required option '--to <url>' not specified"],
  ])('%j', async (words, said) => {
    const { status, stderr } = await tracenorm(['ship', ...words])
    expect([status, stderr]).toEqual([2, expect.stringContaining(said)])
    expect(stderr).not.toContain('pw')
  })

  it('a file of a token that others may read', async () => {
    const token = fileOf('token', 'hush\n')
    chmodSync(token, 0o644)
    const open = await tracenorm(['ship', '--to', 'loki+http://logs', '--token-file', token])
    expect([open.status, open.stderr]).toEqual([2, expect.stringMatching(/others may read it; chmod 600 /)])
    chmodSync(token, 0o600)
    const { to, requests } = await listen({ platform: 'hec' })
    await tracenorm(['ship', '--to', to, ...QUICK, '--token-file', token], { input: madeLines(1).join('') })
    const env = { TRACENORM_TOKEN: 'Basic dTpw' }
    await tracenorm(['ship', '--to', to, ...QUICK], { input: madeLines(1).join(''), env })
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(['Splunk hush', 'Basic dTpw'])
  })
})

describe('what the environment has', () => {
  it.each([
    [{ TRACENORM_TOKEN: 'two\nlines' }, 'the token has more than one line'],
    [{ http_proxy: 'http://[x' }, 'http_proxy of the environment: not the URL of a proxy'],
  ])('may be no good: %j', async (env, said) => {
    const { status, stderr } = await tracenorm(['ship', '--to', 'loki+http://logs'], { env })
    expect([status, stderr]).toEqual([1, expect.stringContaining(said)])
  })

  it('names a proxy for its own scheme alone', () => {
    const env = { http_proxy: 'proxy:3128', no_proxy: 'here' }
    expect(proxyFor(new URL('http://logs'), undefined, env)).toEqual({ url: 'http://proxy:3128/', none: 'here' })
    expect(proxyFor(new URL('https://logs'), undefined, env)).toEqual({ url: '', none: 'here' })
  })
})

describe('a platform that takes nothing', () => {
  it('ends the run at once where a token is wrong, and says so', async () => {
    const { to } = await listen({ platform: 'hec', fault: () => undefined, refuses: () => true })
    const away = to.replace(/:\d+$/, ':1')
    const { status, stderr } = await tracenorm(
      ['ship', '--to', `${to}/nothing-here?x`, ...QUICK, '--retry-for', '1ms'],
      {
        input: madeLines(1).join(''),
      },
    )
    expect([status, stderr]).toEqual([3, expect.stringContaining('1 refused (1 in no file: see --dead-letter)')])
    const gone = await tracenorm(['ship', '--to', away, ...QUICK, '--retry-for', '1ms'], {
      input: madeLines(1).join(''),
    })
    expect([gone.status, gone.stderr]).toEqual([1, expect.stringContaining('1 left and lost')])
  })
})

describe('a run that ends while it reads', () => {
  it('says what became of the records that it had read', async () => {
    const { to } = await listen({ platform: 'es-bulk' })
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(madeLines(3).join(''))
      await settled(() => server?.stored.size === 3)
      server?.close()
      yield Buffer.from(madeLines(40_000).slice(3).join(''))
    }
    const io = memoryIo(broken())
    const status = await main(['ship', '--to', to, ...QUICK, '--retry-for', '0s'], io)
    const stderr = io.stderr.bytes.toString()
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/\d+ to ship, 3 acknowledged, 0 refused, \d+ left and lost/),
    ])
    expect(stderr).toContain('no success')
  })
})

describe('metrics', () => {
  it('are served at loopback while the run lives', async () => {
    const { to } = await listen({ platform: 'loki' })
    const io = memoryIo(lines())
    let text = ''
    async function* lines(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(madeLines(3).join(''))
      await settled(() => server?.stored.size === 3)
      const [, url = ''] = /metrics: (http:\/\/127\.0\.0\.1:\d+\/metrics)/.exec(io.stderr.bytes.toString()) ?? []
      text = await got(url)
    }
    expect(await main(['ship', '--to', to, ...QUICK, '--metrics', '0'], io)).toBe(0)
    expect(text).toMatch(/^# TYPE tracenorm_ship_read counter\n/)
    expect(text).toContain('\ntracenorm_ship_sent_total 3\n')
    expect(text.endsWith('\n# EOF\n')).toBe(true)
  })
})

async function settled(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5))
}

function got(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(url, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve(Buffer.concat(chunks).toString()))
    })
    asked.on('error', reject)
    asked.end()
  })
}
