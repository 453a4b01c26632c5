import { describe, expect, it } from 'vitest'
import { openConverter } from './harness.ts'
import { holds } from './holds.ts'

const SAMPLE =
  'curl   883 [001]   340.799805: skb:kfree_skb: skbaddr=0xffff88811f6a7068 rx_sk=(nil) protocol=2048 location=tcp_v4_rcv+0x157 reason: NO_SOCKET'
const ENTRY =
  'curl-883     [001] ..s1.   340.799805: kfree_skb: skbaddr=000000006e9d80af protocol=2048 location=tcp_v4_rcv+0x91/0x13f0 reason: NO_SOCKET'
const SUMMARY = '3 drops at icmp_rcv+1a (0xffffffff81e42e50) [software]'
const OWN = '{"v":1,"kind":"drop","drop":{"count":1},"capture":{"path":"p","line":1}}'
const LOST = '{"type": "lost_events", "data": {"events": 7}}'
const MARKS = ['$ ', '# ', '% ', 'root@host:~# ', '[root@host ~]$ ', 'bash-5.2# ']

const around: readonly (readonly [reader: string, line: string])[] = [
  ['unrecognized', 'a line of text that is nobody_s'],
  ['perf', SAMPLE],
  ['dropwatch', SUMMARY],
  ['bpftrace', 'Attaching 1 probe...'],
  ['ftrace', ENTRY],
]

interface Line {
  readonly kind: string
  readonly message?: string
  readonly stream?: string
  readonly process?: { readonly comm?: string }
}

async function convert(text: string) {
  const result = await holds(await openConverter(['--kind=all'], '.'), Buffer.from(text, 'latin1'))
  const lines = result.ndjson.split('\n').slice(0, -1)
  return { ...result, events: lines.map((line): Line => JSON.parse(line)) }
}

describe('behind a prompt', () => {
  for (const [reader, before] of around) {
    it.each([
      ['perf', SAMPLE, 'drop'],
      ['dropwatch', SUMMARY, 'drop'],
      ['ftrace', ENTRY, 'drop'],
      ['tracenorm', OWN, 'drop'],
      ['bpftrace', LOST, 'loss'],
    ])(`a line of a tool is data, where ${reader} reads: %s`, async (_, line, kind) => {
      for (const mark of MARKS) {
        const alone = await convert(`${before}\n${line}\n`)
        const { events, rejected, outcome } = await convert(`${before}\n${mark}${line}\n`)
        expect(rejected, mark).toEqual([])
        expect(events.slice(1).map((event) => event.kind)).toEqual(['message', kind])
        expect(events[1]).toMatchObject({ message: mark.trim(), stream: 'prompt' })
        expect(events[2]?.process).toEqual(alone.events[1]?.process)
        expect(outcome.dropped).toBe(alone.outcome.dropped)
      }
    })

    it(`a command is a message, and what can be none is foreign, where ${reader} reads`, async () => {
      const { events } = await convert(`${before}\n# ls -l\n$ 100\n%\n`)
      // Where no program is given it may be output of it.
      const other = reader === 'bpftrace' ? 'output' : 'foreign'
      expect(events.slice(-3).map(({ stream }) => stream)).toEqual(['prompt', other, 'prompt'])
    })
  }

  it('a file of nothing but prompts is not understood', async () => {
    expect((await convert('$ ls\n# perf record\n')).outcome.notUnderstood).toBe(true)
    expect((await convert('$ 1\n$ ls\n$ ls\n')).outcome.notUnderstood).toBe(true)
    expect((await convert(`$ dropwatch\n${SUMMARY}\n`)).outcome.notUnderstood).toBe(false)
  })

  it('a command of several lines keeps them all, CRLF or not', async () => {
    const text =
      '# bpftrace -e \'\ntracepoint:skb:kfree_skb {\n printf("%s: %d\\n", comm, args->reason)\n}\'\ncurl: 3\n'
    const { events } = await convert(text)
    expect(events.map(({ kind }) => kind)).toEqual(['message', 'drop'])
    expect((await convert(text.replaceAll('\n', '\r\n'))).events).toEqual(events)
  })

  it('a program of 500 lines is read in less than a second', async () => {
    const program = `# bpftrace -e '${'printf("x\\n");\n'.repeat(400).padEnd(400_000, ' ')}'\n`
    const before = process.cpuUsage()
    await convert(program)
    expect(process.cpuUsage(before).user).toBeLessThan(2e6)
  })
})
