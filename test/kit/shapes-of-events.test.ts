// Our own NDJSON: what a shape writes is what the reader, the stages and the sink would have written.
import { describe, it } from 'vitest'
import { damaged } from './damaged.ts'
import { type Random, randomOf } from './random.ts'
import { expectSame, openBoth } from './twice.ts'

const ARGS = [[], ['--kind', 'drop'], ['--host', 'web-7']]

/** Events as we write them, and nearly so. */
class Events {
  private readonly random: Random
  private ms = Date.parse('2026-11-23T11:49:12Z')
  private line = 0

  constructor(random: Random) {
    this.random = random
  }

  text(count: number): string {
    return Array.from({ length: count }, () => this.event()).join('')
  }

  private event(): string {
    const odd = this.random.below(60)
    this.ms += this.random.below(900)
    this.line += this.random.below(3)
    const below = String(this.random.below(1_000_000)).padStart(6, '0')
    const ts = `${new Date(this.ms).toISOString().slice(0, -1)}${below}Z`
    const ns = this.random.pick([this.ms * 1_000_000, this.ms, this.ms, 7])
    const members = [
      `"v":1`,
      `"kind":"${this.random.pick(['drop', 'drop', 'drop', 'trace'])}"`,
      ...(this.random.below(5) === 0 ? [] : [`"ts":"${odd === 1 ? ts.replace('11', '25') : ts}"`]),
      `"clock":${this.random.pick([`{"id":"perf","ns":"${ns}"}`, `{"id":"perf","ns":"${ns}"}`, '{"id":"realtime","local":"2026-11-23T11:49:12"}'])}`,
      '"event_name":"skb:kfree_skb"',
      `"cpu":${this.random.pick([0, 1, 63])}`,
      `"process":{"comm":"${this.random.pick(['curl', 'nf sender', 'a\\"b', 'caf\\u00e9'])}","tid":${this.random.pick([883, 1])}}`,
      `"skb":{"addr":"0x${this.random.pick(['0', this.address(), this.address(), this.address()])}","protocol":${this.random.pick([2048, 34525])}${this.random.pick(['', `,"rx_sk":"0x${this.address()}"`])}}`,
      `"location":{"symbol":"tcp_v4_rcv","offset":${this.random.pick([343, 1])}}`,
      `"drop":{"count":1,"reason":"NO_SOCKET","origin":"software"}`,
      ...(this.random.below(20) === 0 ? ['"flags":["reformatted"]'] : []),
      `"capture":{"tool":"perf","format":"script","path":"a\\"line\\":5","line":${this.line}}`,
    ]
    if (odd === 2) members.reverse()
    if (odd === 3) members.push('"new":{"x":1}')
    if (odd === 4) return '\n'
    if (odd === 5) return 'drop at: tcp_v4_rcv+0x157/0x1630 (0xffffffff8abc4f87)\n'
    return `{${members.join(odd === 6 ? ', ' : ',')}}${odd === 7 ? '\r\n' : '\n'}`
  }

  private address(): string {
    return `ffff8881${this.random.below(0x7fffffff).toString(16).padStart(8, '0')}`
  }
}

describe('events that are taken by their shape', () => {
  it.each(Array.from({ length: 5 }, (_, seed) => seed))('are those that are read, seed %i', async (seed) => {
    const random = randomOf(seed)
    const both = await openBoth(ARGS[seed % ARGS.length] ?? [], seed % 2 === 1)
    const text = Buffer.from(new Events(random).text(800), 'latin1')
    expectSame(await both.convert(text, [1 + random.below(70_000)]), String(seed))
    expectSame(await both.convert(damaged(text, random), [1 + random.below(5000)]), `${seed}, damaged`)
  })
})
