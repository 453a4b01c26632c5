// One byte of a line is overwritten, lost or put in: a drop or a count may be lost then, but never silently.
import { describe, expect, it } from 'vitest'
import { readText } from './reading.ts'

const K = 'tracepoint:skb:kfree_skb'
const DROP = `${K} { printf("drop pid=%d comm=%s reason=%d at %s\\n", pid, comm, args->reason, ksym(args->location)) }`
const SHORT = `${K} { printf("%s: %d\\n", comm, args->reason) }`
const MAPS = `${K} { @drops[comm, args->reason] = count(); @ = count(); @h[comm] = hist(args->len) }`
const NAMES = `${K} { printf("%-16s %-6d %s\\n", comm, pid, args.reason) }`

const lines: readonly (readonly [what: string, program: string, line: string])[] = [
  ['a drop', DROP, 'drop pid=812 comm=curl reason=3 at tcp_v4_rcv'],
  ['a drop with a name', NAMES, 'curl             812    SKB_DROP_REASON_NO_SOCKET'],
  ['a drop of a short format', SHORT, 'curl: 3'],
  ['a drop in JSON', DROP, String.raw`{"type": "printf", "data": "drop pid=812 comm=curl reason=3 at tcp_v4_rcv\n"}`],
  ['a short drop in JSON', SHORT, String.raw`{"type": "printf", "data": "curl: 3\n"}`],
  ['an entry of a map', MAPS, '@drops[curl, 3]: 12'],
  ['an entry of a map without a name', MAPS, '@: 12'],
  [
    'the head of a histogram',
    MAPS,
    '@h[curl]:\n[2, 4)                 3 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|\n',
  ],
  ['an entry of a map in JSON', MAPS, '{"type": "map", "data": {"@drops": {"curl,3": 12}}}'],
]

/** Each with one byte overwritten, taken out or put in. */
function damagesOf(text: string): readonly string[] {
  const bytes = ['x', '0', '"']
  return Array.from({ length: text.length + 1 }, (_, at) => [
    ...(at < text.length ? [text.slice(0, at) + text.slice(at + 1)] : []),
    ...bytes.flatMap((byte) => [
      text.slice(0, at) + byte + text.slice(at),
      ...(at < text.length ? [text.slice(0, at) + byte + text.slice(at + 1)] : []),
    ]),
  ]).flat()
}

describe('a line with one byte damaged', () => {
  it.each(lines)('of %s is a record, rejected, or told', (_, program, line) => {
    for (const before of ['', `${line}\n`]) {
      const whole = readText(`${before}${line}\n`, { program }).events.filter(isRecord).length
      expect(whole).toBe(before === '' ? 1 : 2)
      const silent = damagesOf(line).filter((damaged) => {
        const { events, rejected, undecoded, ambiguous } = readText(`${before}${damaged}\n`, { program })
        return events.filter(isRecord).length + rejected.length + undecoded + ambiguous < whole
      })
      expect(silent).toEqual([])
    }
  })

  it('is still anybody’s where the format has nothing of its own left', () => {
    const said = ['curl: (7) Failed to connect', 'hello', 'rtt min/avg/max/mdev = 0.026/0.026/0.026/0.000 ms']
    for (const line of said)
      expect(readText(`${line}\n`, { program: SHORT }).events).toMatchObject([{ kind: 'message', stream: 'foreign' }])
  })
})

function isRecord({ kind }: { readonly kind: string }): boolean {
  return kind !== 'message'
}
