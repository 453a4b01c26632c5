// What `main` promises to whoever calls it: a program, a test, a library.
import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { BrokenPipe } from '../../src/output/output.ts'
import { main } from '../../src/program.ts'
import { memoryIo } from '../io.ts'
import { TWO_DROPS } from './program.ts'

const INPUT = [Buffer.from(TWO_DROPS)]

describe('main', () => {
  it('returns the exit status, and leaves the process as it was', async () => {
    const listeners = (): readonly number[] =>
      ['SIGINT', 'SIGTERM', 'SIGHUP'].map((name) => process.listenerCount(name))
    const before = listeners()
    const endings = [
      await main([], memoryIo(INPUT)),
      await main(['nowhere'], memoryIo()),
      await main(['--nonsense'], memoryIo()),
      await main(['--from', 'tracenorm'], memoryIo([Buffer.from('{"v":1}\n')])),
      await main(['validate'], memoryIo([Buffer.from('{"v":1}\n')])),
    ]
    expect(endings).toEqual([0, 1, 2, 3, 5])
    expect([process.exitCode, listeners()]).toEqual([undefined, before])
  })

  it('runs twice at the same time, each with streams of its own', async () => {
    const ios = [memoryIo(INPUT), memoryIo(INPUT)]
    expect(await Promise.all(ios.map((io) => main(['-q'], io)))).toEqual([0, 0])
    const [one, other] = ios.map(({ stdout }) => stdout.bytes)
    expect(one?.length).toBeGreaterThan(0)
    expect(one).toEqual(other)
  })

  it('returns SIGPIPE, without a word, where nobody reads stdout any more', async () => {
    const io = memoryIo(INPUT)
    const gone = (): never => {
      throw new BrokenPipe()
    }
    const stdout = Object.assign(Object.create(io.stdout), {
      open: () => ({ write() {}, room: gone, end: gone }),
      writeNow: gone,
    })
    for (const words of [[], ['reasons', 'list'], ['--help']])
      expect(await main(words, { ...io, stdout }), words.join(' ')).toBe('SIGPIPE')
    expect(io.stderr.bytes.toString()).toBe('')
  })

  it('returns the signal that ended it, and listens to no more signals afterwards', async () => {
    const io = memoryIo(silent())
    const ended = main(['nowhere', '-', 'later', '-q'], io)
    while (io.signals.listenerCount('SIGTERM') === 0) await new Promise(setImmediate)
    io.signals.emit('SIGTERM', 'SIGTERM')
    expect(await ended).toBe('SIGTERM')
    expect(io.signals.eventNames()).toEqual([])
  })

  it('asks the terminal how wide it is, and the environment for colours', async () => {
    const page = async (env: Readonly<Record<string, string>>, columns?: number): Promise<string> => {
      const io = memoryIo(INPUT, env)
      const terminal = async () => (columns === undefined ? undefined : { columns })
      await main(['summary', '-q'], { ...io, stdout: Object.assign(io.stdout, { terminal }) })
      return io.stdout.bytes.toString('utf8')
    }
    const narrow = await page({ NO_COLOR: '1' }, 32)
    expect(Math.max(...narrow.split('\n').map((line) => line.length))).toBeLessThanOrEqual(32)
    expect([narrow, await page({ TERM: 'dumb' }, 80), await page({})].some((text) => text.includes('\x1b'))).toBe(false)
    expect(await page({ TERM: 'xterm' }, 200)).toContain('\x1b[1m2 packets dropped\x1b[22m')
    expect(await page({ TERM: 'xterm' }, 200)).toContain('A packet for this host')
  })

  it('prints the help where it is called without a word and stdin is a terminal', async () => {
    const io = memoryIo()
    const stdin = { ...io.stdin, isTerminal: async () => true }
    expect(await main([], { ...io, stdin })).toBe(0)
    expect(io.stdout.bytes.toString()).toContain('Usage: tracenorm [command] [flags] [files...]')
  })
})

/** A stdin that says nothing, and stays open. */
async function* silent(): AsyncGenerator<Uint8Array> {
  await EventEmitter.once(new EventEmitter(), 'never')
  yield Buffer.alloc(0)
}
